"""`any(x in known for x in xs)` becomes one question to the set."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_name, membership, name_of, sole_argument


class SetAlgebraRule(TreeRule):
    """Asks a set for every item in turn where the set can be asked for all of them."""

    name = "set-algebra"
    payoff = 68
    safe_when = (
        "`any` or `all` is the builtin and gets a generator or comprehension with one loop that asks nothing but "
        "whether its variable is in a set, which is proven to be one; what is walked over is a name, or is proven to "
        "be no iterator, which older Pythons read further. `isdisjoint` and `issuperset` hash the items in the same "
        "order until the answer is known. Refused for dicts and lists, for conditions, where the set is named in what "
        "is walked over, and where the items are sets or the set holds frozensets: `in` finds a set by its equal. "
        "Likely, left to the tests: a name of unknown type is no iterator that is read on, and holds no sets."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each call."""
        function, names = analysis.function, analysis.names
        for call in function.all(cst.Call):
            argument = sole_argument(call)
            if not names.calls_builtin(call, "any", "all") or not isinstance(argument, cst.GeneratorExp):
                continue
            loop, pair = argument.for_in, membership(argument.elt)
            if loop.ifs or loop.inner_for_in is not None or loop.asynchronous is not None or pair is None:
                continue
            if (
                name_of(pair[0]) is None
                or name_of(pair[0]) != name_of(loop.target)
                or not isinstance(pair[1], cst.Name)
            ):
                continue
            known = pair[1].value
            if analysis.kinds.base(pair[1]) not in ("set", "frozenset") or known in names.read(loop.iter):
                continue
            if any(_is_of_sets(analysis, node) for node in (pair[1], loop.iter)):
                continue
            walked = analysis.kinds.of(loop.iter)
            if walked.base == "iterator" if walked is not None else not isinstance(loop.iter, cst.Name):
                continue
            text = self._written(call, argument, known, function.code(loop.iter))
            if text is not None:
                bare = isinstance(
                    function.parent(call), (cst.If, cst.Return, cst.Assign, cst.Arg)
                ) or not text.startswith("not ")
                pieces = [function.replace(call, text if bare else f"({text})")]
                yield Finding(summary=f"ask the set `{known}` once for all items", node=call, pieces=pieces)

    def _written(self, call: cst.Call, generator: cst.GeneratorExp, known: str, items: str) -> str | None:
        assert isinstance(generator.elt, cst.Comparison)
        missing = isinstance(generator.elt.comparisons[0].operator, cst.NotIn)
        if called_name(call) == "any":
            return f"not {known}.issuperset({items})" if missing else f"not {known}.isdisjoint({items})"
        return f"{known}.isdisjoint({items})" if missing else f"{known}.issuperset({items})"


def _is_of_sets(analysis: Analysis, node: cst.BaseExpression) -> bool:
    item = analysis.kinds.item(node)
    return item is not None and item.base in ("set", "frozenset")
