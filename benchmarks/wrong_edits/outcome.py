"""Runs one witness: a request on standard input, what it saw on standard output. Standard library only."""

import ast
import importlib
import itertools
import json
import sys
from collections.abc import Iterator

MOST_ITEMS = 60
"""Of an iterator, so that one without an end can be shown."""


def outcome(code: str, names: dict[str, object]) -> str:
    """What the last expression of the code gives or what is raised on the way, as text."""
    module = ast.parse(code)
    last = module.body.pop()
    assert isinstance(last, ast.Expr)
    try:
        exec(compile(module, "<witness>", "exec"), names)
        return _shown(eval(compile(ast.Expression(last.value), "<witness>", "eval"), names))
    except Exception as error:  # noqa: BLE001 - whatever the project's code raises is what is to be seen
        return f"raises {type(error).__name__}: {error}"


def _shown(value: object) -> str:
    if isinstance(value, Iterator):
        return f"{type(value).__name__} of {[_shown(item) for item in itertools.islice(value, MOST_ITEMS)]}"
    return repr(value)


if __name__ == "__main__":
    request = json.load(sys.stdin)
    sys.path[:0] = request["paths"]
    sys.stdout.write(outcome(request["code"], vars(importlib.import_module(request["module"]))))
