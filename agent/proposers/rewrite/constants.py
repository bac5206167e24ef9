"""What a function makes anew on every call and a module can hold once: where such a constant stands, and as what."""

import ast

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.syntax import name_of

_SCALARS = (cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary, cst.Ellipsis)


def top_statement(analysis: Analysis) -> ast.stmt | None:
    """The module-level statement the function stands in; None where that is not a definition."""
    around = analysis.function.around
    top = around[0] if around else analysis.function.definition
    return top if isinstance(top, ast.stmt) and top in analysis.function.module.tree.body else None


def module_constant(analysis: Analysis, base: str, value: str) -> tuple[str, Piece] | None:
    """A fresh name for a value and the line that binds it in front of the definition; None where there is no place."""
    statement = top_statement(analysis)
    if statement is None:
        return None
    module = analysis.function.module
    name = module.fresh(f"_{base.strip('_').upper() or 'VALUE'}")
    return name, constant_line(analysis, statement, f"{name} = {value}")


def constant_line(analysis: Analysis, statement: ast.stmt, text: str) -> Piece:
    """A line that binds a constant in front of a definition, beneath the private constants that stand there already."""
    module = analysis.function.module
    place = module.tree.body.index(statement)
    above = module.tree.body[place - 1] if place > 0 else None
    if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name):
        name = above.targets[0].id
        if name.startswith("_") and name.isupper() and len(above.targets) == 1:
            return module.line_after(above.end_lineno or above.lineno, text)
    return module.line_before(statement, f"{text}\n\n\n")


def imported_above(analysis: Analysis, name: str) -> str | None:
    """The dotted name that an import at the top of the file gives a name, where the function means that one."""
    module, statement = analysis.function.module, top_statement(analysis)
    if statement is None or name in analysis.names.bindings or name in analysis.function.bound_around:
        return None
    dotted = module.imported(name)
    if dotted is None:
        return None
    node = module.bindings[name][0]
    at_top = isinstance(node, ast.stmt) and node in module.tree.body
    return dotted if at_top and isinstance(node, ast.stmt) and node.lineno < statement.lineno else None


def called_import(analysis: Analysis, call: cst.CSTNode) -> str | None:
    """The dotted name of what a call calls, where it is imported at the top of the file: "decimal.Decimal"."""
    if not isinstance(call, cst.Call):
        return None
    if isinstance(call.func, cst.Name):
        dotted = imported_above(analysis, call.func.value)
        return dotted if dotted is not None and "." in dotted else None
    if isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name):
        dotted = imported_above(analysis, call.func.value.value)
        return None if dotted is None else f"{dotted}.{call.func.attr.value}"
    return None


def is_scalar(node: cst.CSTNode) -> bool:
    """Whether a node is written out as a text, a number, None, a truth value, or a tuple of these."""
    if isinstance(node, cst.Tuple):
        return all(isinstance(element, cst.Element) and is_scalar(element.value) for element in node.elements)
    if isinstance(node, cst.UnaryOperation):
        return isinstance(node.operator, cst.Minus) and isinstance(node.expression, (cst.Integer, cst.Float))
    if isinstance(node, cst.ConcatenatedString):
        return is_scalar(node.left) and is_scalar(node.right)
    return isinstance(node, _SCALARS) or name_of(node) in ("None", "True", "False")
