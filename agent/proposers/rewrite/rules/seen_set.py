"""A list that a loop both grows and searches gets a set beside it."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Statement
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.names import How, Use
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import Loop, membership, sole_argument

_GLANCES = (How.CONTAINS, How.ITEM, How.SLICE, How.READ, How.TRUTH, How.RETURN, How.ITERATE)
_SIMPLE = (cst.Name, cst.SimpleString, cst.Integer)


class SeenSetRule(TreeRule):
    """Asks on every turn whether something is in the list it is building."""

    name = "seen-set"
    payoff = 94
    safe_when = (
        "The list is local, in no closure, and nothing else can hold it while the loop runs; in the loop it only "
        "grows by `append` of a plain name or constant, and is otherwise only read. The list stays as it is, in its "
        "order; the set only answers `in`. Refused where what is appended or looked for is known to be unhashable, "
        "and where the list shrinks, is sorted, assigned to or passed on. Likely, left to the tests: values of "
        "unknown type are hashable, with a hash that agrees with their equality, and do not change while they are "
        "held."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each list and outermost loop."""
        function, names = analysis.function, analysis.names
        for name in list(names.bindings):
            kind = analysis.kinds.of_name(name)
            if kind is None or kind.base != "list" or not kind.sure or not names.is_local(name):
                continue
            if hashable(kind.item) is False or names.captured(name) or not names.is_builtin("set"):
                continue
            loop = self._loop(analysis, name)
            statement = None if loop is None else function.statement(loop)
            if loop is None or statement is not loop:
                continue
            appends = [use for use in names.uses_within(name, loop) if use.method == "append"]
            searches = [use for use in names.uses_within(name, loop) if use.how is How.CONTAINS]
            if appends and searches and all(self._fits(analysis, use) for use in names.uses_within(name, loop)):
                yield self._finding(analysis, name, statement, appends, searches)

    def _loop(self, analysis: Analysis, name: str) -> cst.For | cst.While | None:
        """The outermost loop that does not bind the list anew and that alone holds it."""
        best = None
        for use in analysis.names.uses.get(name, ()):
            if use.how is How.CONTAINS:
                for region in analysis.function.repeats(use.name):
                    if analysis.names.bound_within(name, region):
                        break
                    if isinstance(region, Loop) and analysis.effects.owned(name, region):
                        best = region
                return best
        return best

    def _fits(self, analysis: Analysis, use: Use) -> bool:
        if use.how is How.METHOD and use.method == "append" and isinstance(use.above, cst.Call):
            value = sole_argument(use.above)
            statement = analysis.function.parent(use.above)
            alone = isinstance(statement, cst.Expr)
            return alone and isinstance(value, _SIMPLE) and hashable(analysis.kinds.of(value)) is not False
        if use.how is How.METHOD:
            return use.method in ("index", "count", "copy")
        if use.how is How.CONTAINS:
            comparison = analysis.function.parent(use.above) if not isinstance(use.above, cst.Comparison) else use.above
            pair = membership(comparison) if comparison is not None else None
            return pair is not None and hashable(analysis.kinds.of(pair[0])) is not False
        return use.how in _GLANCES

    def _finding(
        self, analysis: Analysis, name: str, statement: Statement, appends: list[Use], searches: list[Use]
    ) -> Finding:
        function = analysis.function
        fresh = function.module.fresh(f"{name}_seen")
        pieces = [function.before(statement, f"{fresh} = set({name})")]
        for use in appends:
            assert isinstance(use.above, cst.Call)
            value = sole_argument(use.above)
            assert value is not None
            small = function.parent(use.above)
            assert small is not None
            pieces.append(function.replace(small, function.followed(small, f"{fresh}.add({function.code(value)})")))
        pieces += [function.replace(use.name, fresh) for use in searches]
        summary = f"keep a set beside the list `{name}` and ask it, instead of searching the list on every turn"
        return Finding(summary=summary, node=searches[0].name, pieces=pieces)
