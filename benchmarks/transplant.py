"""Takes named functions, methods and constants of one version of a Python file over into another."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Where a name is defined: lines `first` to `last`, counted from 0, the last one not included."""

    name: str
    first: int
    last: int
    trivia: int
    """Where the blank lines and comments above it begin."""


def transplant(old: str, new: str, names: Sequence[str], imports: Sequence[str] = ()) -> str:
    """The old file with these names defined as in the new one; raises KeyError where the new one lacks one.

    A name is qualified, such as `Parser.write`. One that the old file lacks goes before what follows it in the new one.
    """
    lines, fresh = old.splitlines(keepends=True), new.splitlines(keepends=True)
    before, after = definitions(old), definitions(new)
    order = list(after)
    edits = []
    for name in names:
        there = after[name]
        if name in before:
            edits.append((before[name].first, before[name].last, fresh[there.first : there.last]))
        else:
            spot = before[following(name, order, before)].trivia
            edits.append((spot, spot, fresh[there.trivia : there.last]))
    if imports:
        spot = first_statement(old)
        edits.append((spot, spot, [f"{line}\n" for line in imports]))
    for first, last, replacement in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[first:last] = replacement
    return "".join(lines)


def definitions(source: str) -> dict[str, Definition]:
    """What a file defines at its top and in its classes, in its order; of a name defined twice, the last."""
    return {found.name: found for found in _walk(ast.parse(source).body, "", 0)}


def following(name: str, order: list[str], before: dict[str, Definition]) -> str:
    """The next name of the same scope that the old file has too."""
    scope = name.rpartition(".")[0]
    rest = order[order.index(name) + 1 :]
    return next(other for other in rest if other in before and other.rpartition(".")[0] == scope)


def first_statement(source: str) -> int:
    """The line after the module's docstring."""
    body = ast.parse(source).body
    if ast.get_docstring(ast.Module(body=body, type_ignores=[])) is None:
        return 0
    return body[0].end_lineno or 0


def _walk(body: list[ast.stmt], scope: str, trivia: int) -> Iterator[Definition]:
    for node in body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
        last = node.end_lineno or node.lineno
        name = _name(node)
        if name is not None:
            yield Definition(name=scope + name, first=first, last=last, trivia=trivia)
        if isinstance(node, ast.ClassDef):
            yield from _walk(node.body, f"{scope}{node.name}.", node.lineno)
        trivia = last


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else None
