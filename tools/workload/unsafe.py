"""What a workload file that nobody vouches for may not say, told from its text alone.

A file could treat the two sides differently: look at the code that it measures, at the clock, at its process. The two
sides would no longer be compared alike. This refuses the ways there are to look; that results depend on the target is
shown by running it (`hollow.py`).
"""

import ast
import sys
from collections.abc import Iterator

MOST_TEXT_CHARACTERS = 20_000
PLAIN_MODULES = frozenset(
    {
        *("array", "bisect", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions"),
        *("functools", "heapq", "io", "ipaddress", "itertools", "json", "math", "numbers", "operator", "random", "re"),
        *("statistics", "string", "struct", "textwrap", "types", "typing", "unicodedata", "uuid", "zoneinfo"),
    }
)
"""Of the standard library: what makes values and looks at nothing else."""
FORBIDDEN_NAMES = frozenset(
    {
        *("eval", "exec", "compile", "open", "globals", "locals", "vars", "dir", "input", "breakpoint", "id"),
        *("getattr", "setattr", "delattr", "hasattr", "AttributeError", "NameError", "ImportError"),
        *("ModuleNotFoundError", "BaseException"),
    }
)
FORBIDDEN_ATTRIBUTES = frozenset(
    {"sys", "os", "inspect", "gc", "builtins", "importlib", "subprocess", "threading", "linecache", "tb_frame"}
)


def unsafe(text: str) -> str | None:
    """Why a workload file may not be run, with what to do about it; None where nothing speaks against it."""
    if len(text) > MOST_TEXT_CHARACTERS:
        return f"it is longer than {MOST_TEXT_CHARACTERS:,} characters; make inputs by a loop, not by listing them"
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it is not Python: {error}"
    return _form(module) or next(_uses(module), None)


def looks_around(name: str) -> bool:
    """Whether an attribute leads out of the values: to a module that looks at the process, also as `_os`, or inside."""
    return name.startswith("__") or name.lstrip("_") in FORBIDDEN_ATTRIBUTES


def _form(module: ast.Module) -> str | None:
    """What its functions must look like."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for name, count in (("make_input", 2), ("run", 1)):
        found = functions.get(name)
        if found is None:
            return f"it has no function `{name}` at its top level"
        if len(found.args.posonlyargs + found.args.args) != count or found.args.vararg or found.args.kwonlyargs:
            wanted = "(seed, size)" if count == 2 else "(made), which is what make_input returned"
            return f"`{name}` must take {wanted}"
    if "equal" in functions:
        return "it must not define `equal`: results are compared as they are; leave it out"
    return _sizes(module)


def _sizes(module: ast.Module) -> str | None:
    assigned = [node for node in module.body if isinstance(node, ast.Assign)]
    for node in assigned:
        if not any(isinstance(target, ast.Name) and target.id == "sizes" for target in node.targets):
            continue
        try:
            sizes = ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            sizes = None
        plain = isinstance(sizes, tuple | list) and all(type(size) is int and size > 0 for size in sizes)
        if not plain or len(sizes) < 2 or list(sizes) != sorted(set(sizes)):
            return "`sizes` must be two or more growing positive numbers, such as sizes = (100, 1000)"
    return None


def _uses(module: ast.Module) -> Iterator[str]:
    imported: set[str] = set()
    top = {id(node) for node in module.body}
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if id(node) not in top:
                yield "imports must stand at the top level, outside of functions and `try`"
            yield from _import(node)
            imported |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and (node.id in FORBIDDEN_NAMES or node.id.startswith("__")):
            yield f"it must not use `{node.id}`: {_WHY}"
        elif isinstance(node, ast.Attribute) and looks_around(node.attr):
            yield f"it must not use `.{node.attr}`: {_WHY}"
        elif isinstance(node, ast.ExceptHandler) and node.type is None:
            yield "`except:` without a type hides what went wrong; name the error that the target raises"
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and _root(node) in imported:
            yield f"it must not change `{ast.unparse(node)}`: what was imported stays as it is"


def _import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            yield "imports must name the module in full"
        for name in names:
            if looks_around(name) or name == "*":
                yield f"it must not import `{name}` from `{node.module}`: {_WHY}"
        names = [node.module or ""]
    for name in names:
        first = name.partition(".")[0]
        if first in sys.stdlib_module_names and first not in PLAIN_MODULES | {"__future__"}:
            yield f"it must not import `{name}`: {_WHY}; of the standard library it may use {_MODULES}"


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


_WHY = "it makes plain inputs and calls the target; it looks at no files, clocks, processes or code"
_MODULES = ", ".join(sorted(PLAIN_MODULES))
