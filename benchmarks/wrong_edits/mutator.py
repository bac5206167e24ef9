"""Small semantic changes made by chance: every place in a function where one of the operators fits, drawn by seed."""

import ast
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.wrong_edits.edits import Edit, edited
from benchmarks.wrong_edits.operators import mutants_of
from tools.profile.source import Function


def draw(project: str, tree: Path, functions: Sequence[Function], count: int, rng: random.Random) -> list[Edit]:
    """Up to `count` edits: a function by chance, an operator that fits it, one of its places; none twice."""
    sources = {path: (tree / path).read_bytes().decode() for path in {function.path for function in functions}}
    left = {function: list(_edits(project, function, sources[function.path])) for function in functions}
    drawn: list[Edit] = []
    while len(drawn) < count and (having := [function for function in functions if left[function]]):
        edits = left[rng.choice(having)]
        operator = rng.choice(sorted({edit.kind for edit in edits}))
        edit = rng.choice([edit for edit in edits if edit.kind == operator])
        edits.remove(edit)
        if _fits(sources[edit.path], edit):
            drawn.append(edit)
    return drawn


def _edits(project: str, function: Function, source: str) -> Iterator[Edit]:
    """Every mutant of one function, as an edit of the whole lines that it changes."""
    found = _node(ast.parse(source), function.qualname)
    if found is None:
        return
    lines = source.splitlines(keepends=True)
    seen: set[str] = set()
    for operator, node, replacement in mutants_of(found):
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        before = "".join(lines[first:last])
        after = _spliced(lines, node, replacement)
        edit = Edit(
            project=project,
            path=function.path,
            function=function.qualname,
            kind=operator,
            old=before,
            new=after,
            why=f"line {node.lineno}: {_short(ast.get_source_segment(source, node))} becomes {_short(replacement)}",
        )
        if after != before and after not in seen:
            seen.add(after)
            yield edit


def _spliced(lines: Sequence[str], node: ast.expr | ast.stmt, replacement: str) -> str:
    """The lines that a node stands on, with the node replaced; offsets are in bytes."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    head = lines[node.lineno - 1].encode()[: node.col_offset].decode()
    tail = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode()
    return head + replacement + tail


def _fits(source: str, edit: Edit) -> bool:
    """Whether the lines stand once in the function and the file still compiles."""
    try:
        text = edited(source, edit)
        compile(text, edit.path, "exec")
    except (ValueError, SyntaxError):
        return False
    return ast.dump(ast.parse(text)) != ast.dump(ast.parse(source))


def _node(module: ast.Module, qualname: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function of that name, the last one where there are several."""
    body: Sequence[ast.stmt] = module.body
    *owners, name = qualname.split(".")
    for owner in owners:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner), [])
    functions = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return next((node for node in reversed(functions) if node.name == name), None)


def _short(text: str | None) -> str:
    one_line = " ".join((text or "").split())
    return f"`{one_line}`" if len(one_line) <= 60 else f"`{one_line[:57]}...`"
