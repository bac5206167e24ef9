"""A regular expression written out in a function is compiled once, when the module is imported."""

import ast
import re
import warnings
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import constant_line, imported_above, top_statement
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, called_name, name_of

_FLAGS_POSITION = {
    "match": 2,
    "search": 2,
    "fullmatch": 2,
    "findall": 2,
    "finditer": 2,
    "sub": 4,
    "subn": 4,
    "split": 3,
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNSUITED_FLAGS = re.DEBUG | re.LOCALE


class PatternRule(TreeRule):
    """Hands the same pattern to `re` on every call, which looks it up in a cache of limited size each time."""

    name = "pattern"
    payoff = 76
    safe_when = (
        "`re` is the standard module, imported at the top of the file and bound by nothing else; the pattern is a "
        "literal or a module constant that is assigned once, and the flags are constants of `re`. The pattern is "
        "compiled here first: one that is wrong, or that warns, is refused, for it would fail at import instead of at"
        " the call. Refused for star arguments, for `re.DEBUG` and for `re.LOCALE`."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each pattern; equal ones share a constant."""
        calls: dict[tuple[str, str], list[tuple[cst.Call, str, str]]] = {}
        for call in analysis.function.all(cst.Call):
            used = self._used(analysis, call)
            if used is not None:
                pattern, flags, function, text = used
                calls.setdefault((pattern, flags), []).append((call, function, text))
        for (pattern, flags), found in calls.items():
            finding = self._finding(analysis, pattern, flags, found)
            if finding is not None:
                yield finding

    def _used(self, analysis: Analysis, call: cst.Call) -> tuple[str, str, str, str] | None:
        """Pattern, flags, function of `re`, and the other arguments as text; None where the call does not fit."""
        function = _function_of_re(analysis, call)
        if function is None or any(arg.star for arg in call.args) or not call.args:
            return None
        pattern: cst.BaseExpression | None = None
        given: cst.BaseExpression | None = None
        rest = []
        position = 1 if function == "compile" else _FLAGS_POSITION[function]
        for number, arg in enumerate(call.args):
            keyword = name_of(arg.keyword)
            if keyword == "pattern" or (keyword is None and number == 0):
                pattern = arg.value
            elif keyword == "flags" or (keyword is None and number == position):
                given = arg.value
            else:
                rest.append(
                    f"{keyword}={analysis.function.code(arg.value)}" if keyword else analysis.function.code(arg.value)
                )
        if pattern is None or not self._compiles(analysis, pattern, given):
            return None
        flags = "" if given is None else analysis.function.code(given)
        text = pattern.value if isinstance(pattern, cst.SimpleString) else analysis.function.code(pattern)
        return text, flags, function, ", ".join(rest)

    def _compiles(self, analysis: Analysis, pattern: cst.BaseExpression, flags: cst.BaseExpression | None) -> bool:
        literal = _literal(analysis, pattern)
        value = 0 if flags is None else _flags(analysis, flags)
        if value is None or not isinstance(literal, (str, bytes)) or value & _UNSUITED_FLAGS:
            return False
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return not re.compile(literal, value).flags & re.LOCALE
            except (re.error, ValueError, OverflowError, RecursionError, Warning):
                return False

    def _finding(
        self, analysis: Analysis, pattern: str, flags: str, found: list[tuple[cst.Call, str, str]]
    ) -> Finding | None:
        module = analysis.function.module
        call = found[0][0]
        statement = top_statement(analysis)
        import_line = _import_line(analysis, _module_name(call))
        if statement is None or import_line is None or import_line >= statement.lineno:
            return None
        name = module.fresh(_constant_name(analysis, call, found[0][1]))
        compiled, pieces = _compile_text(analysis, call)
        value = f"{compiled}({pattern}{', ' + flags if flags else ''})"
        pieces.append(constant_line(analysis, statement, f"{name} = {value}"))
        for each, function, rest in found:
            pieces.append(analysis.function.swap(each, name if function == "compile" else f"{name}.{function}({rest})"))
        return Finding(
            summary="compile the pattern once instead of finding it again on every call", node=call, pieces=pieces
        )


def _flags(analysis: Analysis, node: cst.BaseExpression) -> int | None:
    """What constants of `re` put together give; None where one may be something else, or is not there at import."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        left, right = _flags(analysis, node.left), _flags(analysis, node.right)
        return None if left is None or right is None else left | right
    name = name_of(node.value if isinstance(node, cst.Attribute) else node)
    dotted = imported_above(analysis, name) if name is not None else None
    if isinstance(node, cst.Attribute) and dotted is not None:
        dotted = f"{dotted}.{node.attr.value}"
    module, _, attribute = (dotted or "").rpartition(".")
    flag = getattr(re, attribute, None) if module == "re" else None
    return int(flag) if isinstance(flag, re.RegexFlag) else None


def _constant_name(analysis: Analysis, call: cst.Call, function: str) -> str:
    """That of the variable which the compiled pattern goes to, else one after the function."""
    assignment = analysis.function.parent(call)
    if function == "compile" and isinstance(assignment, cst.Assign) and len(assignment.targets) == 1:
        stored = name_of(assignment.targets[0].target)
        if stored is not None and stored.strip("_"):
            return f"_{_shouted(stored)}"
    return f"_{_shouted(analysis.function.definition.name) or 'COMPILED'}_PATTERN"


def _shouted(name: str) -> str:
    return _HUMP.sub("_", name.strip("_")).upper()


def _function_of_re(analysis: Analysis, call: cst.Call) -> str | None:
    method = called_method(call)
    module = analysis.function.module
    if method is not None and isinstance(method[0], cst.Name):
        name, function = method[0].value, method[1]
        if module.imported(name) != "re":
            return None
    elif (name := called_name(call) or "") and (module.imported(name) or "").startswith("re."):
        function = (module.imported(name) or "")[3:]
    else:
        return None
    if name in analysis.names.bindings or name in analysis.function.bound_around:
        return None
    return function if function == "compile" or function in _FLAGS_POSITION else None


def _module_name(call: cst.Call) -> str:
    method = called_method(call)
    return (name_of(method[0]) if method is not None else called_name(call)) or ""


def _compile_text(analysis: Analysis, call: cst.Call) -> tuple[str, list[Piece]]:
    """How `re.compile` is written in this module, and the import that this takes."""
    method = called_method(call)
    if method is not None:
        return f"{name_of(method[0])}.compile", []
    name, pieces = analysis.function.module.bring("re")
    return f"{name}.compile", pieces


def _literal(analysis: Analysis, node: cst.BaseExpression) -> str | bytes | None:
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, (str, bytes)) else None
    name = name_of(node)
    if name is None or name in analysis.names.bindings:
        return None
    constant = analysis.function.module.constant(name)
    statement = top_statement(analysis)
    if not isinstance(constant, ast.Constant) or statement is None or constant.lineno >= statement.lineno:
        return None
    return constant.value if isinstance(constant.value, (str, bytes)) else None


def _import_line(analysis: Analysis, name: str) -> int | None:
    node = analysis.function.module.bindings[name][0]
    return node.lineno if node in analysis.function.module.tree.body and isinstance(node, ast.stmt) else None
