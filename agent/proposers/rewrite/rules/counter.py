"""A loop that counts into a dict becomes a `Counter`, which counts without running Python code for an item."""

from collections.abc import Iterator, Sequence

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import (
    assignment,
    called_method,
    index_of,
    integer,
    membership,
    name_of,
    positional,
    small_statements,
    words,
)

_COUNTED = words("list tuple str bytes set frozenset range iterator")
"""Of these a Counter takes each item for one."""


class CounterRule(TreeRule):
    """Counts items into a dict, one at a time."""

    name = "counter"
    payoff = 70
    safe_when = (
        "A dict that is made empty in the statement right before the loop; all the loop does is add one to the count "
        "of its own variable, by `get` or by `if ... in` with `else`. `dict(Counter(xs))` gives a plain dict with the "
        "same keys in the same order of first sight; what is not proven to be a list, tuple, text, set or range is "
        "given by `iter`, for a Counter takes the values of a mapping for counts. Refused where the variable is used "
        "after the loop, for `else`, and inside `try`, where a half counted dict could be seen. Likely, left to the "
        "tests: walking over the items does not look at the dict."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        function, names = analysis.function, analysis.names
        for loop in function.all(cst.For):
            earlier = function.earlier(loop)
            item = name_of(loop.target)
            first = small_statements(earlier[0]) if earlier else ()
            start = assignment(first[0]) if len(first) == 1 else None
            if item is None or start is None or loop.orelse is not None or loop.asynchronous is not None:
                continue
            if not isinstance(start[1], cst.Dict) or start[1].elements or not names.is_local(start[0]):
                continue
            if not self._is_count(loop, start[0], item) or not self._is_free(analysis, loop, start[0], item):
                continue
            walked = self._walked(analysis, loop.iter)
            if walked is None:
                continue
            counter, pieces = function.module.bring("collections", "Counter")
            text = f"{start[0]} = dict({counter}({walked}))"
            indented = function.line_of(earlier[0])
            pieces += [indented, function.replace(loop, text)]
            yield Finding(summary=f"let a Counter count into `{start[0]}`", node=loop, pieces=pieces)

    def _walked(self, analysis: Analysis, items: cst.BaseExpression) -> str | None:
        """What to give the Counter, so that it walks over it as the loop did."""
        text = analysis.function.code(items)
        if analysis.kinds.base(items) in _COUNTED:
            return text
        return f"iter({text})" if analysis.names.is_builtin("iter") else None

    def _is_free(self, analysis: Analysis, loop: cst.For, counts: str, item: str) -> bool:
        """Whether nothing else sees the variable, or the dict before it is complete."""
        names, function = analysis.names, analysis.function
        if names.captured(item) or names.captured(counts) or item in names.outer or not names.is_builtin("dict"):
            return False
        if any(isinstance(above, (cst.Try, cst.TryStar, cst.With)) for above in function.ancestors(loop)):
            return False
        if counts in names.read(loop.iter) or len(names.bindings[item]) != 1:
            return False
        return all(function.contains(loop, use.name) for use in names.uses.get(item, ()))

    def _is_count(self, loop: cst.For, counts: str, item: str) -> bool:
        body = loop.body.body if isinstance(loop.body, cst.IndentedBlock) else ()
        if len(body) != 1:
            return False
        only = body[0]
        if isinstance(only, cst.If):
            return _is_branch(only, counts, item)
        return _adds_by_get(small_statements(only), counts, item)


def _is_branch(node: cst.If, counts: str, item: str) -> bool:
    """`if k in d: d[k] += 1` with `else: d[k] = 1`, or the other way round."""
    pair = membership(node.test)
    other = node.orelse.body if isinstance(node.orelse, cst.Else) else None
    if pair is None or other is None or name_of(pair[0]) != item or name_of(pair[1]) != counts:
        return False
    assert isinstance(node.test, cst.Comparison)
    branches = [_small(node.body), _small(other)]
    if isinstance(node.test.comparisons[0].operator, cst.NotIn):
        branches.reverse()
    return _adds_one(branches[0], counts, item) and _starts(branches[1], counts, item)


def _small(block: cst.BaseSuite) -> Sequence[cst.BaseSmallStatement]:
    body = block.body if isinstance(block, cst.IndentedBlock) else ()
    return small_statements(body[0]) if len(body) == 1 else ()


def _is_item(node: cst.CSTNode, counts: str, item: str) -> bool:
    return isinstance(node, cst.Subscript) and name_of(node.value) == counts and name_of(index_of(node)) == item


def _adds_one(smalls: Sequence[cst.BaseSmallStatement], counts: str, item: str) -> bool:
    only = smalls[0] if len(smalls) == 1 else None
    if not isinstance(only, cst.AugAssign) or not isinstance(only.operator, cst.AddAssign):
        return False
    return _is_item(only.target, counts, item) and integer(only.value) == 1


def _starts(smalls: Sequence[cst.BaseSmallStatement], counts: str, item: str) -> bool:
    only = smalls[0] if len(smalls) == 1 else None
    if not isinstance(only, cst.Assign) or len(only.targets) != 1 or integer(only.value) != 1:
        return False
    return _is_item(only.targets[0].target, counts, item)


def _adds_by_get(smalls: Sequence[cst.BaseSmallStatement], counts: str, item: str) -> bool:
    """`d[k] = d.get(k, 0) + 1`."""
    only = smalls[0] if len(smalls) == 1 else None
    if not isinstance(only, cst.Assign) or len(only.targets) != 1 or not isinstance(only.value, cst.BinaryOperation):
        return False
    value = only.value
    if not isinstance(value.operator, cst.Add) or not _is_item(only.targets[0].target, counts, item):
        return False
    for read, one in ((value.left, value.right), (value.right, value.left)):
        method = called_method(read)
        if method is not None and isinstance(read, cst.Call) and integer(one) == 1:
            arguments = positional(read) or []
            named = name_of(method[0]) == counts and method[1] == "get" and len(arguments) == 2
            return named and name_of(arguments[0]) == item and integer(arguments[1]) == 0
    return False
