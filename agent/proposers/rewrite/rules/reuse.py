"""A pure call that is made again with the same arguments is made once and kept in a local name."""

from collections.abc import Iterator, Sequence

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.effects import Change
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.purity import is_fresh_container, is_only_read, is_pure_call, is_total
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.rules.hoist import short_name
from agent.proposers.rewrite.syntax import called_method, called_name, small_statements, words

_CHEAP = words("len str int float bool abs ord chr hash range id")
_CHEAP_METHODS = words("startswith endswith isdigit isalpha isspace isalnum isupper islower")
_MAY_RAISE = (cst.Call, cst.Await, cst.Yield, cst.NamedExpr, cst.Subscript)
_PLAIN = (cst.Expr, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return)


class ReuseRule(TreeRule):
    """Makes the same pure call several times in a row."""

    name = "reuse"
    payoff = 60
    safe_when = (
        "The call is of a pure builtin or a text method; the first one is reached whenever its statement is, with no "
        "other call before it in that statement, and no name or object it reads changes until the last one. A call "
        "that gives a new container is shared only where it is just looked into. Likely, left to the tests: an object"
        " of unknown type with a text method's name (`lower`, `strip`) behaves as a text does."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each repeated call, covering the statements of one block that share it."""
        done: list[cst.CSTNode] = []
        for call in analysis.function.all(cst.Call):
            if any(analysis.function.contains(outer, call) for outer in done) or not self._fits(analysis, call):
                continue
            statement = analysis.function.statement(call)
            if statement is None or not self._comes_first(analysis, call, statement):
                continue
            same = self._same(analysis, call, statement)
            if len(same) > 1:
                done += same
                yield self._finding(analysis, call, statement, same)

    def _fits(self, analysis: Analysis, call: cst.Call) -> bool:
        method = called_method(call)
        if analysis.names.deferred(call) or not is_pure_call(analysis, call):
            return False
        if called_name(call) in _CHEAP or (method is not None and method[1] in _CHEAP_METHODS):
            return False
        return not is_fresh_container(call) or is_only_read(analysis, call)

    def _comes_first(self, analysis: Analysis, call: cst.Call, statement: Statement) -> bool:
        """Whether a statement always begins with this call, as far as anyone could tell."""
        function = analysis.function
        if isinstance(statement, cst.SimpleStatementLine):
            if not any(isinstance(small, _PLAIN) and function.contains(small, call) for small in statement.body[:1]):
                return False
        elif isinstance(statement, cst.If):
            if not function.contains(statement.test, call):
                return False
        elif not (isinstance(statement, cst.For) and function.contains(statement.iter, call)):
            return False
        if analysis.effects.conditional(call, statement) or _in_comprehension(analysis, call, statement):
            return False
        if is_total(analysis, call):
            return True
        begun: cst.CSTNode = statement
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Assign):
            begun = statement.body[0].value  # evaluated before the targets
        for node in function.inside(begun):
            if node is call:
                return True
            if isinstance(node, _MAY_RAISE) and not function.contains(node, call):
                return False
        return True

    def _same(self, analysis: Analysis, call: cst.Call, statement: Statement) -> list[cst.CSTNode]:
        """The equal calls from this one on, up to the first statement that may change what it reads."""
        function, text = analysis.function, analysis.function.code(call)
        names = analysis.names.read(call)
        found: list[cst.CSTNode] = []
        for following in self._run(analysis, statement):
            nodes = self._before_change(analysis, following, names)
            found += [
                node
                for node in nodes
                if isinstance(node, cst.Call)
                and function.code(node) == text
                and not analysis.names.deferred(node)
                and (not is_fresh_container(node) or is_only_read(analysis, node))
            ]
            if len(nodes) != len(function.inside(following)) or self._changes(analysis, following, names):
                break
        return found

    def _run(self, analysis: Analysis, statement: Statement) -> Sequence[cst.CSTNode]:
        siblings = list(analysis.function.siblings(statement))
        return siblings[siblings.index(statement) :] if statement in siblings else [statement]

    def _before_change(self, analysis: Analysis, statement: cst.CSTNode, names: set[str]) -> Sequence[cst.CSTNode]:
        """What a statement evaluates before it changes a name: all, the right side of a binding, or nothing."""
        if not self._changes(analysis, statement, names):
            return analysis.function.inside(statement)
        smalls = small_statements(statement)
        only = smalls[0] if len(smalls) == 1 else None
        if not isinstance(only, cst.Assign) or not all(isinstance(target.target, cst.Name) for target in only.targets):
            return ()
        return () if self._changes(analysis, only.value, names) else analysis.function.inside(only.value)

    def _changes(self, analysis: Analysis, region: cst.CSTNode, names: set[str]) -> bool:
        return any(
            analysis.effects.change(name, region) is not Change.NEVER and self._matters(analysis, name, region)
            for name in names
        )

    def _matters(self, analysis: Analysis, name: str, region: cst.CSTNode) -> bool:
        """Whether a possible change counts: for what only text methods are asked of, only a new binding does."""
        if analysis.effects.change(name, region) is Change.LIKELY:
            return True
        uses = analysis.names.uses.get(name, [])
        kind = analysis.kinds.of_name(name)
        text = kind is not None and kind.base in ("str", "bytes")
        return not text and not any(use.method in ("lower", "upper", "strip", "casefold") for use in uses)

    def _finding(self, analysis: Analysis, call: cst.Call, statement: Statement, same: list[cst.CSTNode]) -> Finding:
        function = analysis.function
        fresh = function.module.fresh(short_name(call))
        text = function.code(call)
        pieces = [function.before(statement, f"{fresh} = {text}"), *(function.swap(node, fresh) for node in same)]
        shown = " ".join(text.split())
        return Finding(summary=f"evaluate `{shown}` once instead of {len(same)} times", node=call, pieces=pieces)


def _in_comprehension(analysis: Analysis, node: cst.CSTNode, statement: cst.CSTNode) -> bool:
    for above in analysis.function.ancestors(node):
        if above is statement:
            return False
        if isinstance(above, (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp, cst.Lambda)):
            return True
    return False
