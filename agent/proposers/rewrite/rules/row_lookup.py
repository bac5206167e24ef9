"""`grid[i][j]` in a loop over `j` looks the row up once, in front of the loop."""

from collections.abc import Iterator, Sequence

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.effects import Change
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.names import How
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import EXITS, Loop, index_of, name_of

_PLAIN = (cst.Name, cst.Integer)


class RowLookupRule(TreeRule):
    """Looks the same row of a table up again on every turn of an inner loop."""

    name = "row-lookup"
    payoff = 62
    safe_when = (
        "The table is a local name that holds a list, or is subscripted twice; the index of the row is a name or a "
        "number, or a sum or difference of two; the row is itself subscripted on every turn of the loop, by one branch "
        "of an `if` or the other, before anything can leave the turn. Nothing in the loop binds the table or a name of "
        "the index, and no row is assigned, deleted, added or taken out by name. What is stored in the row is stored "
        "in the same object. Refused for dicts and texts, and in closures. Likely, left to the tests: the row is there "
        "where the loop has no turn, and functions called from the loop leave it in its place."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop, covering all rows that stay where they are."""
        function = analysis.function
        loops: list[cst.For | cst.While] = [*function.all(cst.For), *function.all(cst.While)]
        for loop in loops:
            rows: dict[str, list[cst.Subscript]] = {}
            for outer in function.all(cst.Subscript, loop.body):
                row = outer.value
                innermost = [region for region in function.repeats(outer) if isinstance(region, Loop)][:1] == [loop]
                if innermost and isinstance(row, cst.Subscript) and self._fits(analysis, row, loop):
                    rows.setdefault(function.code(row), []).append(row)
            paying = {text: found for text, found in rows.items() if _is_reached(analysis, found, loop.body)}
            statement = function.statement(loop)
            if statement is loop and paying:
                yield self._finding(analysis, statement, paying)

    def _finding(self, analysis: Analysis, statement: Statement, rows: dict[str, list[cst.Subscript]]) -> Finding:
        function = analysis.function
        lines, pieces, taken = [], [], set[str]()
        for text, found in rows.items():
            base = name = function.module.fresh(f"{name_of(found[0].value)}_{_which(found[0])}")
            while name in taken:
                name = function.module.fresh(f"{base}_{len(taken) + 1}")
            taken.add(name)
            lines.append(f"{name} = {text}")
            pieces += [function.swap(row, name) for row in found]
        shown = ", ".join(f"`{text}`" for text in rows)
        first = next(iter(rows.values()))[0]
        pieces.append(function.before(statement, *lines))
        return Finding(summary=f"look {shown} up once, in front of the loop", node=first, pieces=pieces)

    def _fits(self, analysis: Analysis, row: cst.Subscript, loop: cst.For | cst.While) -> bool:
        names, table, index = analysis.names, name_of(row.value), index_of(row)
        if table is None or index is None or not names.is_local(table) or names.deferred(row):
            return False
        kind = analysis.kinds.of_name(table)
        if kind is not None and kind.base not in ("list", "tuple"):
            return False
        if not _is_index(index) or names.captured(table) or names.bound_within(table, loop):
            return False
        for name in names.read(index):
            if not names.is_local(name) or names.bound_within(name, loop) or names.captured(name):
                return False
        uses = names.uses_within(table, loop)
        if any(use.how in (How.STORE, How.METHOD, How.ESCAPE) for use in uses):
            return False
        return analysis.effects.change(table, loop) is not Change.LIKELY


def _is_reached(analysis: Analysis, found: Sequence[cst.CSTNode], block: cst.CSTNode) -> bool:
    """Whether each run of a block evaluates one of these nodes, before anything in the block can leave it."""
    for statement in block.body if isinstance(block, (cst.IndentedBlock, cst.SimpleStatementSuite)) else ():
        if _reaches(analysis, found, statement):
            return True
        if any(isinstance(node, EXITS) for node in analysis.function.inside(statement)):
            return False
    return False


def _reaches(analysis: Analysis, found: Sequence[cst.CSTNode], statement: cst.CSTNode) -> bool:
    """Whether a statement evaluates one of these nodes, whichever way it goes."""
    if isinstance(statement, cst.With):
        return _is_reached(analysis, found, statement.body)
    within = [node for node in found if analysis.function.contains(statement, node)]
    if any(not analysis.effects.conditional(node, statement) for node in within):
        return True
    if not isinstance(statement, cst.If) or not _is_reached(analysis, found, statement.body):
        return False
    other = statement.orelse
    if isinstance(other, cst.Else):
        return _is_reached(analysis, found, other.body)
    return other is not None and _reaches(analysis, found, other)


def _which(row: cst.Subscript) -> str:
    """A word for a row, by where its index lies from the one of the turn."""
    index = index_of(row)
    if not isinstance(index, cst.BinaryOperation):
        return "row"
    return "previous" if isinstance(index.operator, cst.Subtract) else "next"


def _is_index(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.BinaryOperation):
        plain = isinstance(node.left, _PLAIN) and isinstance(node.right, _PLAIN)
        return plain and isinstance(node.operator, (cst.Add, cst.Subtract))
    return isinstance(node, _PLAIN)
