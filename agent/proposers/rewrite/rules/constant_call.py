"""A constant that a function calculates anew on every call, `Decimal("0.01")`, is made once for the module."""

import ast
import datetime
import decimal
import fractions
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import called_import, is_scalar, module_constant
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, called_name, name_of, sole_argument

_MAKERS: dict[str, Callable[..., Any]] = {
    "decimal.Decimal": decimal.Decimal,
    "fractions.Fraction": fractions.Fraction,
    "datetime.timedelta": datetime.timedelta,
    "datetime.date": datetime.date,
    "operator.itemgetter": operator.itemgetter,
    "operator.attrgetter": operator.attrgetter,
}
_NAMES = {"itemgetter": "by", "attrgetter": "by", "maketrans": "translation"}
_LONGEST = 16
"""Characters of the arguments that make part of a name."""


class ConstantCallRule(TreeRule):
    """Makes the same unchangeable object from literals on every call."""

    name = "constant-call"
    payoff = 74
    safe_when = (
        "The call is of `frozenset`, or of `Decimal`, `Fraction`, `timedelta`, `date`, `itemgetter` or `attrgetter` "
        "as imported at the top of the file, or is `str.maketrans` handed straight to `translate`; all its arguments "
        "are literals. The object cannot be changed, so all calls can share one. The call is tried here first: one "
        "that fails is refused, for it would fail at import. Refused in a `raise`, and for a list, set or dict, which "
        "its user may change."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each constant; equal ones share a name."""
        found: dict[str, list[cst.Call]] = {}
        for call in analysis.function.all(cst.Call):
            if self._fits(analysis, call) and not any(
                isinstance(above, cst.Raise) for above in analysis.function.ancestors(call)
            ):
                found.setdefault(analysis.function.code(call), []).append(call)
        for text, calls in found.items():
            placed = module_constant(analysis, _base(analysis, calls[0]), text) if "\n" not in text else None
            if placed is not None:
                name, binding = placed
                pieces = [binding, *(analysis.function.swap(call, name) for call in calls)]
                summary = f"make `{' '.join(text.split())}` once instead of on every call"
                yield Finding(summary=summary, node=calls[0], pieces=pieces)

    def _fits(self, analysis: Analysis, call: cst.Call) -> bool:
        if _is_translation(analysis, call):
            return all(is_scalar(arg.value) and not arg.star for arg in call.args) and _works(str.maketrans, call)
        if analysis.names.calls_builtin(call, "frozenset"):
            argument = sole_argument(call)
            if isinstance(argument, (cst.List, cst.Set, cst.Tuple)):
                return bool(argument.elements) and all(is_scalar(element.value) for element in argument.elements)
            return isinstance(argument, cst.SimpleString)
        maker = _MAKERS.get(called_import(analysis, call) or "")
        literal = bool(call.args) and all(is_scalar(arg.value) and not arg.star for arg in call.args)
        return maker is not None and literal and _works(maker, call)


def _is_translation(analysis: Analysis, call: cst.Call) -> bool:
    """Whether a call is `str.maketrans(...)` and the argument of a call of `translate`."""
    method = called_method(call)
    if method is None or method[1] != "maketrans" or name_of(method[0]) != "str" or not call.args:
        return False
    outer = analysis.function.parent(analysis.function.parent(call) or call)
    used = called_method(outer)
    return analysis.names.is_builtin("str") and used is not None and used[1] == "translate"


def _works(maker: Callable[..., Any], call: cst.Call) -> bool:
    """Whether the call succeeds with its literals."""
    values: list[Any] = []
    keywords: dict[str, Any] = {}
    for arg in call.args:
        value = _value(arg.value)
        if arg.keyword is not None:
            keywords[arg.keyword.value] = value
        else:
            values.append(value)
    try:
        maker(*values, **keywords)
    except (ArithmeticError, TypeError, ValueError):
        return False
    return True


def _value(node: cst.BaseExpression) -> Any:
    return ast.literal_eval(cst.Module(body=()).code_for_node(node))


def _base(analysis: Analysis, call: cst.Call) -> str:
    """A telling name: what is made, and of what, where that is short."""
    method = called_method(call)
    made = method[1] if method is not None else called_name(call) or "constant"
    given = re.sub(r"\W+", "_", "_".join(analysis.function.code(arg) for arg in call.args)).strip("_")
    return f"{_NAMES.get(made, made)}_{given}" if len(given) <= _LONGEST and given.isascii() else _NAMES.get(made, made)
