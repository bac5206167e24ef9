"""A list that is kept in order is searched by halves instead of being sorted or walked through again."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.names import Binding, How, Use
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, integer, name_of, small_statements, sole_argument, words

_KEEPS_ORDER = words("pop remove index count copy")
_READING = (How.ITEM, How.SLICE, How.CONTAINS, How.ITERATE, How.READ, How.TRUTH, How.RETURN)
_COUNTS = {
    cst.LessThan: ("bisect_left", "{0}"),
    cst.LessThanEqual: ("bisect_right", "{0}"),
    cst.GreaterThan: ("bisect_right", "len({1}) - {0}"),
    cst.GreaterThanEqual: ("bisect_left", "len({1}) - {0}"),
}


class SortedSearchRule(TreeRule):
    """Sorts a list again after each item that is added, or counts through a sorted list."""

    name = "bisect"
    payoff = 87
    safe_when = (
        "The list is local and in no closure; it starts empty or from `sorted` without key and `reverse`, and all "
        "that ever changes it is `append` with a `sort()` right behind it, `pop` and `remove`, so that it is in order "
        "all the time. `insort` puts an equal item behind its equals, as appending and sorting do; `bisect` counts "
        "what is below or above a plain value. Refused where the list is passed on or stored before, where an item is "
        "assigned, and for floats, among which NaN has no place. Likely, left to the tests: items of unknown type "
        "have a total order."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each `append` with its `sort`, and one for each count."""
        function, names = analysis.function, analysis.names
        for name, bindings in names.bindings.items():
            if len(bindings) != 1 or not self._starts_in_order(analysis, bindings[0]) or names.captured(name):
                continue
            pairs = [pair for use in names.uses.get(name, ()) if (pair := _appended(analysis, use)) is not None]
            covered = [node for append, sort in pairs for node in (append, sort)]
            uses = [
                use
                for use in names.uses.get(name, ())
                if not any(function.contains(node, use.name) for node in covered)
            ]
            if not all(_keeps_order(use) for use in uses) or not self._may_be_ordered(analysis, name):
                continue
            for append, sort in pairs:
                yield self._insertion(analysis, name, append, sort)
            for use in uses:
                yield from self._count(analysis, name, use)

    def _starts_in_order(self, analysis: Analysis, binding: Binding) -> bool:
        value = binding.value
        if binding.kind != "assign" or not analysis.names.is_local(binding.name):
            return False
        if isinstance(value, cst.List):
            return not value.elements
        return (
            analysis.names.calls_builtin(value, "sorted")
            and isinstance(value, cst.Call)
            and sole_argument(value) is not None
        )

    def _may_be_ordered(self, analysis: Analysis, name: str) -> bool:
        kind = analysis.kinds.of_name(name)
        return kind is None or kind.item is None or kind.item.base in ("str", "bytes", "int", "tuple", "?")

    def _insertion(
        self, analysis: Analysis, name: str, append: cst.SimpleStatementLine, sort: cst.SimpleStatementLine
    ) -> Finding:
        function = analysis.function
        insort, pieces = function.module.bring("bisect", "insort")
        call = append.body[0]
        assert isinstance(call, cst.Expr)
        assert isinstance(call.value, cst.Call)
        value = function.code(call.value.args[0].value)
        pieces += [function.replace(call.value, f"{insort}({name}, {value})"), function.line_of(sort)]
        return Finding(
            summary=f"insert into `{name}` where it belongs instead of sorting all of it", node=append, pieces=pieces
        )

    def _count(self, analysis: Analysis, name: str, use: Use) -> Iterator[Finding]:
        """`sum(1 for x in xs if x < v)`."""
        function = analysis.function
        made = next((a for a in function.ancestors(use.name) if isinstance(a, cst.GeneratorExp)), None)
        argument = None if made is None else function.parent(made)
        call = function.parent(argument) if isinstance(argument, cst.Arg) else None
        if made is None or not isinstance(call, cst.Call) or not analysis.names.calls_builtin(call, "sum"):
            return
        loop = made.for_in
        test = loop.ifs[0].test if len(loop.ifs) == 1 and loop.inner_for_in is None and integer(made.elt) == 1 else None
        item = name_of(loop.target)
        if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or loop.iter is not use.name:
            return
        target = test.comparisons[0]
        counted = _COUNTS.get(type(target.operator))
        value = target.comparator
        plain = isinstance(value, (cst.Name, cst.Integer, cst.SimpleString)) and name_of(value) != item
        if counted is None or name_of(test.left) != item or not plain or len(call.args) != 1:
            return
        bisect, pieces = function.module.bring("bisect", counted[0])
        text = counted[1].format(f"{bisect}({name}, {function.code(value)})", name)
        bare = isinstance(function.parent(call), (cst.Assign, cst.Return, cst.Arg)) or not text.startswith("len")
        whole: list[Piece] = [*pieces, function.replace(call, text if bare else f"({text})")]
        yield Finding(summary=f"find the place in `{name}` by halves instead of walking to it", node=call, pieces=whole)


def _keeps_order(use: Use) -> bool:
    return use.how in _READING or (use.how is How.METHOD and use.method in _KEEPS_ORDER)


def _appended(analysis: Analysis, use: Use) -> tuple[cst.SimpleStatementLine, cst.SimpleStatementLine] | None:
    """The lines `xs.append(v)` and `xs.sort()`, one right behind the other, in a loop."""
    function = analysis.function
    if use.how is not How.METHOD or use.method != "append" or not isinstance(use.above, cst.Call):
        return None
    line = function.parent(function.parent(use.above) or use.above)
    siblings = list(function.siblings(line)) if isinstance(line, cst.SimpleStatementLine) else []
    following = siblings[siblings.index(line) + 1 : siblings.index(line) + 2] if line in siblings else []
    value = sole_argument(use.above)
    if (
        not following
        or value is None
        or use.name.value in analysis.names.read(value)
        or not function.repeats(use.above)
    ):
        return None
    smalls = small_statements(following[0])
    only = smalls[0] if len(smalls) == 1 else None
    method = called_method(only.value) if isinstance(only, cst.Expr) else None
    sorts = method is not None and method[1] == "sort" and name_of(method[0]) == use.name.value
    if not sorts or not isinstance(only, cst.Expr) or not isinstance(only.value, cst.Call) or only.value.args:
        return None
    assert isinstance(line, cst.SimpleStatementLine)
    assert isinstance(following[0], cst.SimpleStatementLine)
    return (line, following[0]) if len(line.body) == 1 else None
