"""A Python file's meaning without its names of locals, comments, docstrings and layout."""

import ast
import hashlib
from collections.abc import Mapping


def normal_digest(files: Mapping[str, str | None]) -> str:
    """One digest for what changed files say; a file that does not parse counts by its text."""
    parts = []
    for path in sorted(files):
        source = files[path]
        if source is None or not path.endswith(".py"):
            parts.append(f"{path}\0{source}")
            continue
        parts.append(f"{path}\0{_normal(source)}")
    return hashlib.sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _normal(source: str) -> str:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _rename_locals(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
    return ast.dump(tree)


def _rename_locals(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Give locals that no inner scope could see under their name a name by order of appearance."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    if any(isinstance(node, inner) for node in ast.walk(function) if node is not function):
        return
    outer = [node for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal)]
    declared = {name for node in outer for name in node.names}
    if any(isinstance(node, ast.Name) and node.id in ("locals", "eval", "exec", "vars") for node in ast.walk(function)):
        return
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)} - declared - arguments
    order: dict[str, str] = {}
    for node in names:
        if node.id in stored:
            node.id = order.setdefault(node.id, f"local {len(order)}")


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str())), _, *_]:
            del node.body[0]
