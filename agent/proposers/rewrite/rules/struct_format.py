"""A format of `struct` that is written out in a function is compiled once, when the module is imported."""

import struct
from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.constants import called_import, module_constant
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, name_of

_FUNCTIONS = {f"struct.{name}" for name in ("pack", "pack_into", "unpack", "unpack_from", "iter_unpack", "calcsize")}


class StructFormatRule(TreeRule):
    """Hands the same format to `struct` on every call, which looks it up in a cache each time."""

    name = "struct-format"
    payoff = 77
    safe_when = (
        "`struct` is the standard module, or the function is taken from it, imported at the top of the file; the "
        "format is a literal, which is compiled here first: a wrong one is refused, for it would fail at import "
        "instead of at the call. Refused for a format by keyword or star."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each format; equal ones share a constant."""
        found: dict[str, list[cst.Call]] = {}
        for call in analysis.function.all(cst.Call):
            if called_import(analysis, call) in _FUNCTIONS and _compiles(call):
                found.setdefault(analysis.function.code(call.args[0].value), []).append(call)
        for written, calls in found.items():
            placed = module_constant(analysis, f"{analysis.function.definition.name.strip('_')}_struct", "")
            if placed is None:
                continue
            name, binding = placed
            made, pieces = _maker(analysis, calls[0])
            text = binding.text.replace(" = ", f" = {made}({written})", 1)
            pieces.append(Piece(start=binding.start, end=binding.end, text=text))
            pieces += [_piece(analysis, call, name) for call in calls]
            summary = "compile the struct format once instead of finding it again on every call"
            yield Finding(summary=summary, node=calls[0], pieces=pieces)


def _compiles(call: cst.Call) -> bool:
    first = call.args[0] if call.args else None
    if first is None or first.keyword is not None or any(arg.star for arg in call.args):
        return False
    if not isinstance(first.value, cst.SimpleString):
        return False
    try:
        struct.Struct(first.value.evaluated_value)
    except (struct.error, ValueError, UnicodeError):
        return False
    return True


def _maker(analysis: Analysis, call: cst.Call) -> tuple[str, list[Piece]]:
    """How `struct.Struct` is written in this module, and the import that this takes."""
    method = called_method(call)
    if method is not None:
        return f"{name_of(method[0])}.Struct", []
    return analysis.function.module.bring("struct", "Struct")


def _piece(analysis: Analysis, call: cst.Call, name: str) -> Piece:
    function = analysis.function
    called = (called_import(analysis, call) or "").removeprefix("struct.")
    if called == "calcsize":
        return function.replace(call, f"{name}.size")
    rest = (
        ""
        if len(call.args) < 2
        else function.module.source[function.span(call.args[1])[0] : function.span(call.args[-1])[1]]
    )
    return function.replace(call, f"{name}.{called}({rest})")
