"""`x in list(d.keys())` copies and searches; `x in d.keys()` looks it up."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, membership, sole_argument

_COPIES = ("list", "tuple", "sorted", "set", "frozenset")
_VIEWS = ("keys", "values", "items")


class LookupRule(TreeRule):
    """Copies a dict's keys or a set to look for one thing in them."""

    name = "lookup"
    payoff = 88
    safe_when = (
        "What is copied is proven to be a dict or a set, or is a call of `keys`, `values` or `items` without "
        "arguments; the copy is the builtin's and is used for `in` alone. Refused where the value looked for is known "
        "to be unhashable, for which a list says False and a dict raises. Likely, left to the tests: values of "
        "unknown type are hashable, and the methods are those of a dict."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each membership test."""
        for comparison in analysis.function.all(cst.Comparison):
            pair = membership(comparison)
            if pair is None or hashable(analysis.kinds.of(pair[0])) is False or not isinstance(pair[1], cst.Call):
                continue
            copied = sole_argument(pair[1]) if analysis.names.calls_builtin(pair[1], *_COPIES) else None
            if copied is None or isinstance(pair[0], (cst.List, cst.Dict, cst.Set)):
                continue
            if self._answers_in(analysis, copied):
                piece = analysis.function.swap(pair[1], analysis.function.atom(copied))
                summary = "look the key up where it is instead of copying all keys to search them"
                yield Finding(summary=summary, node=comparison, pieces=[piece])

    def _answers_in(self, analysis: Analysis, copied: cst.BaseExpression) -> bool:
        method = called_method(copied)
        if method is not None and isinstance(copied, cst.Call):
            return method[1] in _VIEWS and not copied.args
        return analysis.kinds.base(copied) in ("dict", "set", "frozenset")
