"""A recursion that solves the same small problems again and again remembers them."""

import ast
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.kind import Kind
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_name, positional, words

_PURE = words(
    "abs min max sum len int float bool str range round divmod pow ord chr sorted isinstance enumerate zip any all"
)
_SCALAR_CALLS = words("abs min max sum len int float bool str round pow ord chr isinstance any all")
_NUMBERS = (cst.Name, cst.Integer, cst.BinaryOperation, cst.Subscript, cst.UnaryOperation)


class MemoizeRule(TreeRule):
    """Calls itself twice or more with smaller arguments."""

    name = "cache"
    payoff = 65
    safe_when = (
        "A module-level function without decorators that reads only its parameters, its own locals and module "
        "constants, calls only itself and pure builtins, changes nothing and gives a number, truth value or text. "
        "Parameters are compared or calculated with as numbers, or annotated `int` or `str`, so that they can be "
        "hashed; the cache tells `1` from `1.0`. Refused where text is made of what may be a float, for `0.0` and "
        "`-0.0` share a place in it. Likely, left to the tests: no result depends on the sign of zero otherwise. It is "
        "kept for the life of the process, which the summary says: a cache is labelled as one and its memory is "
        "measured."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """At most one finding."""
        function, node = analysis.function, analysis.function.node
        if function.around or node.decorators or node.asynchronous is not None or not self._is_simple(analysis):
            return
        calls = [call for call in function.all(cst.Call) if called_name(call) == node.name.value]
        if len(calls) < 2 or not self._overlaps(analysis, calls) or not self._is_pure(analysis):
            return
        parameters = [param.name.value for param in node.params.params]
        if not all(self._is_hashable(analysis, name) for name in parameters):
            return
        cache, pieces = function.module.bring("functools", "lru_cache")
        pieces.append(function.before(node, f"@{cache}(maxsize=None, typed=True)"))
        summary = "cache: remember the results of a recursion that meets the same arguments many times"
        yield Finding(summary=summary, node=node, pieces=pieces)

    def _is_simple(self, analysis: Analysis) -> bool:
        """Whether it takes plain parameters without defaults that are objects, and yields nothing."""
        params = analysis.function.node.params
        if params.kwonly_params or params.posonly_params or not params.params or params.star_kwarg is not None:
            return False
        if not isinstance(params.star_arg, cst.MaybeSentinel):
            return False
        name = analysis.function.node.name.value
        return len(analysis.function.module.bindings.get(name, [])) == 1 and name not in analysis.names.bindings

    def _overlaps(self, analysis: Analysis, calls: list[cst.Call]) -> bool:
        """Whether one run can make two of the calls, each with arguments calculated from the parameters."""
        for call in calls:
            arguments = positional(call)
            if arguments is None or not all(isinstance(argument, _NUMBERS) for argument in arguments):
                return False
        for one in calls:
            for other in calls:
                if one is not other and _stand_together(analysis, one, other):
                    return True
        return False

    def _is_pure(self, analysis: Analysis) -> bool:
        function, names = analysis.function, analysis.names
        for node in function.inside(function.node.body):
            if isinstance(
                node, (cst.Yield, cst.Await, cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Global, cst.Nonlocal)
            ):
                return False
            if isinstance(node, (cst.Attribute, cst.Import, cst.ImportFrom, cst.Del, cst.With, cst.Try)):
                return False
            if isinstance(node, cst.Subscript) and names.is_store_target(node):
                return False
            if isinstance(node, cst.Call):
                called = called_name(node)
                own = called == function.node.name.value
                if not own and not (called in _PURE and names.is_builtin(called or "")):
                    return False
                if called == "str" and self._may_be_float(analysis, node):
                    return False
            if isinstance(node, cst.FormattedStringExpression) and self._may_be_float(analysis, node):
                return False
            if isinstance(node, cst.Name) and not self._is_constant(analysis, node.value):
                return False
            if isinstance(node, cst.Return) and not self._is_scalar(analysis, node.value):
                return False
        return True

    def _may_be_float(self, analysis: Analysis, shown: cst.CSTNode) -> bool:
        """Whether text is made of a parameter that is not said to be a text or a whole number."""
        named = [name for name in analysis.names.read(shown) if analysis.names.is_local(name)]
        kinds = [analysis.kinds.of_name(name) for name in named]
        return any(kind is None or kind.base not in ("int", "str", "bool") for kind in kinds)

    def _is_constant(self, analysis: Analysis, name: str) -> bool:
        if analysis.names.is_local(name) or name == analysis.function.node.name.value:
            return True
        if analysis.function.module.is_builtin(name):
            return True
        value = analysis.function.module.constant(name)
        return isinstance(value, ast.Constant)

    def _is_scalar(
        self, analysis: Analysis, node: cst.BaseExpression | None, seen: frozenset[str] = frozenset()
    ) -> bool:
        """Whether an expression gives a number, truth value or text, which nobody can change."""
        if node is None or isinstance(
            node, (cst.Integer, cst.Float, cst.SimpleString, cst.FormattedString, cst.Comparison)
        ):
            return True
        if isinstance(node, cst.Name):
            return node.value in seen or self._is_scalar_name(analysis, node.value, seen)
        if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
            return self._is_scalar(analysis, node.left, seen) and self._is_scalar(analysis, node.right, seen)
        if isinstance(node, cst.IfExp):
            return self._is_scalar(analysis, node.body, seen) and self._is_scalar(analysis, node.orelse, seen)
        if isinstance(node, cst.UnaryOperation):
            return self._is_scalar(analysis, node.expression, seen)
        if isinstance(node, cst.Subscript):
            return analysis.kinds.of(node.value) == Kind(base="str", sure=False)
        name = called_name(node)
        own = name == analysis.function.node.name.value
        return own or (name in _SCALAR_CALLS and all(arg.star == "" for arg in getattr(node, "args", ())))

    def _is_scalar_name(self, analysis: Analysis, name: str, seen: frozenset[str]) -> bool:
        if name in ("True", "False", "None") or not analysis.names.is_local(name):
            return True
        return all(
            binding.kind == "param"
            or (binding.kind in ("assign", "augment") and self._is_scalar(analysis, binding.value, seen | {name}))
            or (binding.kind in ("for", "comp") and analysis.names.calls_builtin(binding.value, "range"))
            for binding in analysis.names.bindings[name]
        )

    def _is_hashable(self, analysis: Analysis, name: str) -> bool:
        kind = analysis.kinds.of_name(name)
        if kind is not None:
            return kind.base in ("int", "str", "bool")
        for use in analysis.names.uses.get(name, ()):
            above = analysis.function.parent(use.name)
            compared = above.comparisons if isinstance(above, cst.Comparison) else ()
            if any(isinstance(target.comparator, cst.Integer) for target in compared):
                return True
            if isinstance(above, cst.BinaryOperation) and isinstance(above.operator, cst.Subtract):
                return True
        return False


def _stand_together(analysis: Analysis, one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether both are evaluated in one run: their paths do not part at an `if` or a conditional expression."""
    above_one = [one, *analysis.function.ancestors(one)]
    above_other = {id(node): node for node in [other, *analysis.function.ancestors(other)]}
    below = one
    for node in above_one:
        if id(node) in above_other:
            if isinstance(node, cst.IfExp):
                return below is node.test
            if isinstance(node, cst.If):
                return below is node.test
            if isinstance(node, cst.IndentedBlock):
                return not _leaves(analysis, below)
            return True
        below = node
    return False


def _leaves(analysis: Analysis, statement: cst.CSTNode) -> bool:
    return any(isinstance(node, cst.Return) for node in analysis.function.inside(statement))
