"""Imports that an edit brought and a later one made useless are taken back."""

import ast
import difflib

from agent.proposers.rewrite.module import lines_of


def without_idle_imports(before: str, after: str) -> str:
    """`after` without those imports at its top level that `before` lacks and that nothing in it names."""
    idle = _idle(before, after)
    if not idle:
        return after
    ours, theirs = lines_of(before), lines_of(after)
    opcodes = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in reversed(opcodes):
        if tag == "equal":
            continue
        less = "".join([*theirs[:j1], *ours[i1:i2], *theirs[j2:]])
        if _only_lacks(less, "".join(theirs), idle):
            theirs[j1:j2] = ours[i1:i2]
    return "".join(theirs)


def _idle(before: str, after: str) -> set[str]:
    tree = ast.parse(after)
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return _imported(tree) - _imported(ast.parse(before)) - named


def _imported(tree: ast.Module) -> set[str]:
    """Names that imports at the top level bind."""
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}


def _only_lacks(less: str, whole: str, idle: set[str]) -> bool:
    """Whether the one text is the other without some of the idle imports, and nothing else."""
    try:
        one, other = ast.parse(less), ast.parse(whole)
        gone = _imported(other) - _imported(one)
        return bool(gone) and gone <= idle and _others(one) == _others(other)
    except (SyntaxError, RecursionError):
        return False


def _others(tree: ast.Module) -> list[str]:
    """The statements that are no imports."""
    return [ast.dump(node) for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
