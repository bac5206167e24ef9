"""Calls of a function that somebody wrote down as Python, made into a workload of single inputs.

The text is read here and run in sandboxes only. What is accepted is a call of the target with values made on the
spot, so that a difference between two versions on it is one of the target's.
"""

import ast
from collections.abc import Sequence
from pathlib import Path

from tools.workload.unsafe import FORBIDDEN_NAMES, looks_around
from tools.workload.workload import Workload, WorkloadKind, text_workload

MOST_CALLS = 24
MOST_CHARACTERS = 2_000
"""Of one call; `"a" * 5000` says what a long text would."""
_FORBIDDEN = FORBIDDEN_NAMES | {"super", "print", "help", "hash", "memoryview", "object", "type", "property"}


def call_problem(text: str, qualname: str) -> str | None:
    """Why a text is no call of the target that may be tried; None where it is one."""
    if len(text) > MOST_CHARACTERS:
        return f"it is longer than {MOST_CHARACTERS:,} characters; make long values by an expression"
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"it is not a Python expression: {error}"
    if not isinstance(call, ast.Call) or not _is_of(call.func, qualname):
        return f"it must be one call, such as {_example(qualname)}"
    return next((problem for node in ast.walk(call) if node is not call.func and (problem := _problem(node))), None)


def _problem(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) if name in _FORBIDDEN or name.startswith("_"):
            return f"it must not use `{name}`: write plain values"
        case ast.Attribute(attr=name) if name.startswith("_") or looks_around(name):
            return f"it must not use `.{name}`: write plain values"
        case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            return "it must be a plain call: without await, yield and :="
    return None


def told_workload(module: str, qualname: str, calls: Sequence[str], home: Path) -> Workload:
    """A workload of these calls, each of which `call_problem` had nothing against."""
    lines = "\n".join(f"    {_taken_apart(call, qualname)!r}," for call in calls)
    text = _TEXT.format(target=f"{module}:{qualname}", module=module, calls=lines, call=_called(qualname))
    return text_workload(f"calls told of {module}:{qualname}", text.encode(), home, WorkloadKind.TOLD)


def _is_of(function: ast.expr, qualname: str) -> bool:
    owner, _, name = qualname.rpartition(".")
    if not owner:
        return isinstance(function, ast.Name) and function.id == name
    if name == "__init__":
        return ast.unparse(function) == owner
    return isinstance(function, ast.Attribute) and function.attr == name


def _example(qualname: str) -> str:
    owner, _, name = qualname.rpartition(".")
    if not owner:
        return f"{name}([1, 2, 2], -0.0)"
    return f"{owner}(...)" if name == "__init__" else f"{owner}(...).{name}(3)"


def _taken_apart(text: str, qualname: str) -> str:
    """The call's arguments as one expression; of a method the object comes first."""
    call = ast.parse(text.strip(), mode="eval").body
    assert isinstance(call, ast.Call)
    owner, _, name = qualname.rpartition(".")
    args = list(call.args)
    if owner and name != "__init__":
        assert isinstance(call.func, ast.Attribute)
        args.insert(0, call.func.value)
    collect = ast.Call(func=ast.Name(id="_made"), args=args, keywords=call.keywords)
    return ast.unparse(ast.fix_missing_locations(ast.Expression(body=collect)))


def _called(qualname: str) -> str:
    owner, _, name = qualname.rpartition(".")
    if owner and name != "__init__":
        return f"args[0].{name}(*args[1:], **kwargs)"
    parts = (owner or name).split(".")
    return f'_NAMES["{parts[0]}"]{"".join(f".{part}" for part in parts[1:])}(*args, **kwargs)'


_TEXT = '''"""Calls of {target} that were made up to tell versions of it apart."""

import importlib

_NAMES = vars(importlib.import_module("{module}"))
_CALLS = [
{calls}
]
sizes = tuple(range(len(_CALLS)))


def _made(*args, **kwargs):
    return args, kwargs


def make_input(seed, size):
    return eval(_CALLS[size], dict(_NAMES, _made=_made))


def run(made):
    args, kwargs = made
    return {call}
'''
