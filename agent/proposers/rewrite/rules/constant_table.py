"""A table of constants that a function writes out anew on every call moves to the module."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import is_scalar, module_constant
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.names import How, Use
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import words

_FEWEST: dict[type[cst.CSTNode], int] = {cst.Dict: 2, cst.Set: 3, cst.List: 4}
"""Items below which making the table costs next to nothing."""
_READING = (How.ITEM, How.CONTAINS, How.ITERATE, How.READ, How.TRUTH)
_READ_METHODS = words("get keys items values index count copy")


class ConstantTableRule(TreeRule):
    """Writes out a dict, list or set of constants on every call only to look into it."""

    name = "constant-table"
    payoff = 75
    safe_when = (
        "A local name is assigned once, to a dict, list or set whose keys and items are all literals or tuples of "
        "them, and every use of it comes later in the same block and only reads: a subscript, `in`, a loop, a length, "
        "`get`, `keys`, `items`, `values`, `index`, `count`. Nothing can hold or change the object, so all calls can "
        "share one. Refused where it is returned, passed on, stored, sliced, assigned to, or read by a closure, where "
        "a literal spans lines, and where a comment belongs to the line."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each table."""
        names, function = analysis.names, analysis.function
        for name, bindings in names.bindings.items():
            node = bindings[0].node
            line = function.parent(node)
            if len(bindings) != 1 or not names.is_local(name) or not isinstance(node, cst.Assign):
                continue
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1 or len(node.targets) != 1:
                continue
            if any(blank.comment for blank in line.leading_lines) or not self._is_table(node.value):
                continue
            named = isinstance(node.targets[0].target, cst.Name)
            if named and self._is_only_read(analysis, name, line):
                yield from self._finding(analysis, name, line, node)

    def _is_table(self, value: cst.BaseExpression) -> bool:
        parts: list[cst.CSTNode] = []
        if isinstance(value, cst.Dict):
            for pair in value.elements:
                parts += [pair.key, pair.value] if isinstance(pair, cst.DictElement) else [pair]
        elif isinstance(value, (cst.List, cst.Set)):
            parts += [item.value if isinstance(item, cst.Element) else item for item in value.elements]
        else:
            return False
        return len(value.elements) >= _FEWEST[type(value)] and all(is_scalar(part) for part in parts)

    def _is_only_read(self, analysis: Analysis, name: str, line: cst.SimpleStatementLine) -> bool:
        siblings = list(analysis.function.siblings(line))
        later = siblings[siblings.index(line) + 1 :] if line in siblings else []
        uses = analysis.names.uses.get(name, [])
        return bool(uses) and all(
            _reads(use) and any(analysis.function.contains(following, use.name) for following in later) for use in uses
        )

    def _finding(
        self, analysis: Analysis, name: str, line: cst.SimpleStatementLine, node: cst.Assign
    ) -> Iterator[Finding]:
        function = analysis.function
        literals = [part for part in function.inside(node.value) if isinstance(part, cst.SimpleString)]
        removed = function.line_of(line)
        value = _outdented(analysis, line, node.value)
        if value is None or any("\n" in function.code(part) for part in literals):
            return
        found = module_constant(analysis, name, value)
        if found is None:
            return
        constant, binding = found
        pieces: list[Piece] = [binding, removed]
        pieces += [function.replace(use.name, constant) for use in analysis.names.uses[name]]
        summary = f"keep the constant table `{name}` in the module instead of building it on every call"
        yield Finding(summary=summary, node=node, pieces=pieces)


def _outdented(analysis: Analysis, line: cst.SimpleStatementLine, value: cst.BaseExpression) -> str | None:
    """The text of a table as it stands at the left margin; None where its lines hang elsewhere, or carry a comment."""
    function, source = analysis.function, analysis.function.module.source
    begin, end = function.span(value)
    indent = source[function.line_of(line).start : function.span(line)[0]]
    first, *more = source[begin:end].split("\n")
    commented = "#" in source[end : function.line_of(line).end]
    if commented or not all(text.startswith(indent) or not text.strip() for text in more):
        return None
    return "\n".join([first, *(text.removeprefix(indent) for text in more)])


def _reads(use: Use) -> bool:
    return use.how in _READING or (use.how is How.METHOD and use.method in _READ_METHODS)
