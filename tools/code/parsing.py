"""Python's own parser, with nothing said on the side."""

import ast
import threading
import warnings

from tools.code.scopes import Broken

PARSING = threading.Lock()
"""Held while warnings are switched off, for they are so in the whole process."""


def parse(path: str, text: str) -> ast.Module | Broken:
    """The syntax tree of a file."""
    try:
        with PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return Broken(path=path, line=error.lineno or 1, message=error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return Broken(path=path, line=1, message=str(error) or "it is nested too deeply")


def string_annotation(node: ast.Constant) -> ast.expr | None:
    """The expression that an annotation in quotes holds, at the line where it stands."""
    try:
        inner = ast.parse(str(node.value), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    for part in ast.walk(inner):
        if isinstance(part, ast.expr):
            part.lineno, part.end_lineno = node.lineno, node.lineno
    return inner
