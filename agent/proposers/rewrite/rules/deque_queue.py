"""A list that is emptied or filled at its front becomes a deque."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.names import Binding, How, Use
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_name, index_of, integer, positional, sole_argument, words

_SHARED_METHODS = words("append extend clear count")
_COPIERS = words("len list tuple set frozenset sorted sum min max any all")


class DequeQueueRule(TreeRule):
    """Takes from the front of a list, which moves all the others each time."""

    name = "deque"
    payoff = 90
    safe_when = (
        "The name is local, in no closure, and every assignment gives it a fresh list. Each use is one that a deque "
        "answers alike: append, extend, pop at either end, insert at the front, the first and last item, length, "
        "truth, `in`, or a copy through `list`, `sorted` and the like. Refused where it is indexed, sliced, iterated "
        "over, compared, returned, stored or passed on, and where `pop(0)` may meet an empty list (the error's text "
        "differs)."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each list used as a queue."""
        names = analysis.names
        for name, bindings in names.bindings.items():
            uses = names.uses.get(name, [])
            fronts = [use for use in uses if _front(use)]
            if not fronts or not names.is_local(name) or names.captured(name):
                continue
            if not any(analysis.function.repeats(use.name) for use in fronts):
                continue
            begun = [binding for binding in bindings if not _is_extension(binding)]
            if None in [self._start(analysis, binding) for binding in begun] or not all(
                self._fits(analysis, use) for use in uses
            ):
                continue
            yield self._finding(analysis, name, begun, fronts)

    def _start(self, analysis: Analysis, binding: Binding) -> str | None:
        """What to give `deque` for a fresh list; None where the binding is of another kind."""
        value = binding.value
        if binding.kind != "assign" or value is None:
            return None
        if isinstance(value, cst.List):
            return analysis.function.code(value) if value.elements else ""
        if isinstance(value, cst.ListComp):
            return analysis.function.code(value)
        if isinstance(value, cst.Call) and analysis.names.calls_builtin(value, "list"):
            argument = sole_argument(value)
            return "" if not value.args else None if argument is None else analysis.function.code(argument)
        return analysis.function.code(value) if analysis.names.calls_builtin(value, "sorted") else None

    def _fits(self, analysis: Analysis, use: Use) -> bool:
        if use.how is How.METHOD and isinstance(use.above, cst.Call):
            return self._method_fits(analysis, use, use.above)
        if use.how is How.ITEM:
            return integer(index_of(use.above)) in (0, -1) and self._not_empty(analysis, use)
        if use.how in (How.TRUTH, How.CONTAINS):
            return True
        above = analysis.function.parent(use.name)
        if use.how is How.READ and isinstance(above, cst.Arg):
            call = analysis.function.parent(above)
            return called_name(call) in _COPIERS and isinstance(call, cst.Call) and call.args[0] is above
        return isinstance(above, cst.AugAssign) and above.target is use.name

    def _method_fits(self, analysis: Analysis, use: Use, call: cst.Call) -> bool:
        arguments = positional(call)
        if arguments is None:
            return False
        if use.method == "pop":
            whole = not arguments or (len(arguments) == 1 and integer(arguments[0]) in (0, -1))
            return whole and self._not_empty(analysis, use)
        if use.method == "insert":
            return len(arguments) == 2 and integer(arguments[0]) == 0
        return use.method in _SHARED_METHODS

    def _not_empty(self, analysis: Analysis, use: Use) -> bool:
        """Whether something was put in just before, or the test around says that there is something to take, once."""
        name = use.name.value
        if _just_filled(analysis, use):
            return True
        for above in analysis.function.ancestors(use.name):
            if not isinstance(above, (cst.While, cst.If, cst.IfExp, cst.For)):
                continue
            if not analysis.function.contains(above.body, use.name):
                continue
            counts = isinstance(above, cst.For) and _counts(analysis, above.iter, name)
            says = not isinstance(above, cst.For) and _says_not_empty(analysis, above.test, name)
            if counts or says:
                return self._takes_once(analysis, above.body, use)
        return False

    def _takes_once(self, analysis: Analysis, body: cst.CSTNode, use: Use) -> bool:
        """Whether nothing is taken between the test and this use."""
        at = analysis.function.span(use.name)[0]
        for other in analysis.names.uses_within(use.name.value, body):
            if (
                other.how is How.METHOD
                and other.method in ("pop", "clear")
                and analysis.function.span(other.name)[0] < at
            ):
                return False
        inner = [region for region in analysis.function.repeats(use.name) if analysis.function.contains(body, region)]
        return not inner

    def _finding(self, analysis: Analysis, name: str, bindings: list[Binding], fronts: list[Use]) -> Finding:
        function = analysis.function
        deque, pieces = function.module.bring("collections", "deque")
        for binding in bindings:
            assert binding.value is not None
            pieces.append(function.swap(binding.value, f"{deque}({self._start(analysis, binding) or ''})"))
        pieces += [piece for use in analysis.names.uses[name] for piece in _renamed(analysis, use)]
        summary = f"use a deque for `{name}`: taking from the front of a list moves all that is left"
        return Finding(summary=summary, node=fronts[0].name, pieces=pieces)


def _is_extension(binding: Binding) -> bool:
    """`queue += items`, which lists and deques answer alike."""
    return isinstance(binding.node, cst.AugAssign) and isinstance(binding.node.operator, cst.AddAssign)


def _just_filled(analysis: Analysis, use: Use) -> bool:
    """Whether an earlier statement of the same turn put an item in, and none since can have taken it."""
    regions = analysis.function.repeats(use.name)
    for above in [use.name, *analysis.function.ancestors(use.name)]:
        if regions and above is regions[0]:
            return False
        for earlier in analysis.function.earlier(above):
            touched = analysis.names.uses_within(use.name.value, earlier)
            if any(other.method in ("pop", "clear") for other in touched):
                return False
            simple = isinstance(earlier, cst.SimpleStatementLine) and isinstance(earlier.body[0], cst.Expr)
            if simple and any(other.method in ("append", "insert") for other in touched):
                return True
    return False


def _front(use: Use) -> bool:
    """Whether a use takes from or puts at the front of a list."""
    if use.how is not How.METHOD or not isinstance(use.above, cst.Call):
        return False
    arguments = positional(use.above)
    wanted = {"pop": 1, "insert": 2}.get(use.method)
    return arguments is not None and len(arguments) == wanted and integer(arguments[0]) == 0


def _renamed(analysis: Analysis, use: Use) -> Iterator[Piece]:
    call = use.above
    if not isinstance(call, cst.Call) or use.how is not How.METHOD or use.method not in ("pop", "insert"):
        return
    arguments = positional(call) or []
    if use.method == "insert":
        yield analysis.function.replace(call, f"{use.name.value}.appendleft({analysis.function.code(arguments[1])})")
    elif arguments:
        method = "popleft" if integer(arguments[0]) == 0 else "pop"
        yield analysis.function.replace(call, f"{use.name.value}.{method}()")


def _says_not_empty(analysis: Analysis, test: cst.BaseExpression, name: str) -> bool:
    if isinstance(test, cst.Name):
        return test.value == name
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return _says_not_empty(analysis, test.left, name) or _says_not_empty(analysis, test.right, name)
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        target = test.comparisons[0]
        number, operator = integer(target.comparator), target.operator
        if not _is_length(analysis, test.left, name) or number is None:
            return False
        return (isinstance(operator, (cst.GreaterThan, cst.NotEqual)) and number == 0) or (
            isinstance(operator, (cst.GreaterThan, cst.GreaterThanEqual)) and number > 0
        )
    return _is_length(analysis, test, name)


def _is_length(analysis: Analysis, node: cst.BaseExpression, name: str) -> bool:
    if not isinstance(node, cst.Call) or not analysis.names.calls_builtin(node, "len"):
        return False
    argument = sole_argument(node)
    return isinstance(argument, cst.Name) and argument.value == name


def _counts(analysis: Analysis, iterable: cst.BaseExpression, name: str) -> bool:
    """Whether a loop runs over `range(len(name))`."""
    if not isinstance(iterable, cst.Call) or not analysis.names.calls_builtin(iterable, "range"):
        return False
    argument = sole_argument(iterable)
    return argument is not None and _is_length(analysis, argument, name)
