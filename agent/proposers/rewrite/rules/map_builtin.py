"""`sum(int(c) for c in text)` becomes `sum(map(int, text))`, which never runs Python code for an item."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, called_name, name_of, sole_argument, words

_FUNCTIONS = words("int float len ord chr abs bool hash id")
"""Those that `map` calls faster than a generator does; Python has a short cut of its own for `str`."""
_FOR_LISTS = words("int float len chr abs bool")
_CONSUMERS = words("sum min max any all set frozenset list tuple sorted")


class MapBuiltinRule(TreeRule):
    """Calls a builtin for every item in a generator or comprehension that does nothing else."""

    name = "map-builtin"
    payoff = 55
    safe_when = (
        "The element is a call of a builtin (`int`, `len`, `ord` and the like) on the loop's variable alone; there is "
        "one loop, without a condition; a generator is taken whole, or until the answer is known, by a builtin or by "
        "`join`. The same calls are made in the same order, and stop at the same item. Refused where a name of these "
        "is bound in the file or the function."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each generator or list comprehension."""
        function, names = analysis.function, analysis.names
        found: list[cst.GeneratorExp | cst.ListComp] = [*function.all(cst.GeneratorExp), *function.all(cst.ListComp)]
        for node in found:
            applied = self._applied(analysis, node)
            if applied is None or not names.is_builtin("map"):
                continue
            text = f"map({applied}, {function.code(node.for_in.iter)})"
            consumed = self._is_consumed(analysis, node)
            if isinstance(node, cst.GeneratorExp) and not consumed:
                continue
            if isinstance(node, cst.ListComp) and not consumed:
                if not names.is_builtin("list") or applied not in _FOR_LISTS:
                    continue
                text = f"list({text})"
            summary = f"let `map` call `{applied}` instead of a {_what(node)}"
            yield Finding(summary=summary, node=node, pieces=[function.swap(node, text)])

    def _applied(self, analysis: Analysis, node: cst.GeneratorExp | cst.ListComp) -> str | None:
        """The builtin that is called for each item, None where anything else is done."""
        loop, name = node.for_in, called_name(node.elt)
        if (
            loop.ifs
            or loop.inner_for_in is not None
            or loop.asynchronous is not None
            or not isinstance(node.elt, cst.Call)
        ):
            return None
        argument = name_of(sole_argument(node.elt))
        plain = argument is not None and argument == name_of(loop.target)
        return name if plain and name in _FUNCTIONS and analysis.names.is_builtin(name or "") else None

    def _is_consumed(self, analysis: Analysis, node: cst.GeneratorExp | cst.ListComp) -> bool:
        """Whether a node is the first argument of a builtin, or of `join`, that takes its items at once."""
        argument = analysis.function.parent(node)
        call = analysis.function.parent(argument) if isinstance(argument, cst.Arg) and not argument.star else None
        if not isinstance(call, cst.Call) or call.args[0] is not argument or argument.keyword is not None:
            return False
        method = called_method(call)
        if method is not None:
            return method[1] == "join" and analysis.kinds.base(method[0]) in ("str", "bytes")
        name = called_name(call)
        lazy = isinstance(node, cst.ListComp) and name in ("any", "all")
        return name in _CONSUMERS and analysis.names.is_builtin(name or "") and not lazy


def _what(node: cst.CSTNode) -> str:
    return "generator" if isinstance(node, cst.GeneratorExp) else "comprehension"
