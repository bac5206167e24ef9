"""A target that does nothing while a workload's `run` is in it: what is then compared must look otherwise.

A workload could call its target and throw the result away. Nothing that the target does would be compared, and any
edit of it would pass. So the same workload is run once more on a tree in which the target returns at once.
"""

import ast

_SWITCH = "_hasten_hollow"
_MODULE = "hasten_workload"
"""What the driver imports a workload file as (`tools/driver/inputs.py`)."""
_AROUND = f"""

{_SWITCH} = False
_hasten_run = run


def run(made):
    global {_SWITCH}
    {_SWITCH} = True
    try:
        return _hasten_run(made)
    finally:
        {_SWITCH} = False
"""


def hollow_source(source: str, qualname: str) -> str | None:
    """The module with one function that returns at once while `run` is in it; None where the function is not there."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    function = _find(module, qualname.split("."))
    if function is None:
        return None
    condition = f"getattr(__import__('sys').modules.get({_MODULE!r}), {_SWITCH!r}, False)"
    first = 1 if ast.get_docstring(function, clean=False) is not None else 0
    function.body[first:first] = ast.parse(f"if {condition}:\n    pass").body
    guard = function.body[first]
    assert isinstance(guard, ast.If)
    guard.body = [ast.Return(value=None)]
    return ast.unparse(ast.fix_missing_locations(module))


def hollow_text(text: str) -> str:
    """The workload file that switches the hollow function on, around its own `run` alone."""
    return text + _AROUND


def _find(module: ast.AST, names: list[str]) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The last definition of that name: it is the one that counts."""
    found: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    for node in ast.iter_child_nodes(module):
        if isinstance(node, ast.ClassDef) and len(names) > 1 and node.name == names[0]:
            found = _find(node, names[1:]) or found
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if len(names) == 1 and node.name == names[0]:
                found = node
        elif isinstance(node, ast.stmt | ast.ExceptHandler):
            found = _find(node, names) or found
    return found
