"""What an edit changes, read from the text of both sides: functions, lines, anything outside of functions."""

import ast
import difflib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to one Python file."""

    path: str
    """From the repository's root."""
    functions: Mapping[str, frozenset[int]]
    """Changed or new functions by qualified name, each with the line numbers of its body on the candidate's side."""
    edited: Mapping[str, frozenset[int]]
    """Of the changed functions, the lines of those statements that changed; empty where lines were only taken out."""
    lines: frozenset[int]
    """Changed or new lines on the candidate's side."""
    module_level: bool
    """Something outside of every function changed."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Where a function stands in its file."""

    qualname: str
    first: int
    last: int
    body: int
    """The line its body begins on."""


def changes_of(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[Change, ...]:
    """The changes of every Python file that differs between two sides, by path; None is a file that is not there."""
    paths = sorted(path for path in {*before, *after} if path.endswith(".py") and before.get(path) != after.get(path))
    return tuple(_change(path, before.get(path) or "", after.get(path) or "") for path in paths)


def spans(source: str) -> list[Span]:
    """Every function of a file, outer ones before inner ones; empty where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    found: list[Span] = []
    _collect(tree, "", found)
    return found


def _collect(node: ast.AST, prefix: str, found: list[Span]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            body = child.body[0].lineno
            qualname = prefix + child.name
            found.append(Span(qualname=qualname, first=first, last=child.end_lineno or child.lineno, body=body))
            _collect(child, f"{qualname}.<locals>.", found)
        elif isinstance(child, ast.ClassDef):
            _collect(child, f"{prefix}{child.name}.", found)
        else:
            _collect(child, prefix, found)


def _change(path: str, before: str, after: str) -> Change:
    lines, touched_before = _changed_lines(before, after)
    here, there = spans(after), spans(before)
    known = {span.qualname: span for span in here}
    functions: dict[str, frozenset[int]] = {}
    module_level = False
    for number in lines:
        span = _innermost(here, number)
        if span is None:
            module_level = module_level or _says_something(after, number)
        else:
            functions[span.qualname] = frozenset(range(span.body, span.last + 1))
    for number in touched_before:
        old = _innermost(there, number)
        if old is None:
            module_level = module_level or _says_something(before, number)
        elif new := known.get(old.qualname):
            functions[new.qualname] = frozenset(range(new.body, new.last + 1))
    statements = _statements_at(after, lines)
    edited = {name: frozenset(n for n in statements if _owner(here, n) == name) for name in functions}
    return Change(path=path, functions=functions, edited=edited, lines=frozenset(lines), module_level=module_level)


def _statements_at(source: str, lines: list[int]) -> frozenset[int]:
    """The lines of every statement that one of `lines` belongs to; of one with a body inside, those of its head."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    wanted, found = set(lines), set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not _is_text(node):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            head = range(node.lineno, max(last, node.lineno) + 1)
            if wanted.intersection(head):
                found.update(head)
    return frozenset(found)


def _is_text(node: ast.stmt) -> bool:
    """Whether it is a docstring, or says nothing: no line of it ever runs."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _owner(found: list[Span], number: int) -> str | None:
    span = _innermost(found, number)
    return span.qualname if span and number >= span.body else None


def _changed_lines(before: str, after: str) -> tuple[list[int], list[int]]:
    """(new line numbers after, gone line numbers before)."""
    ours, theirs = before.splitlines(), after.splitlines()
    new: list[int] = []
    gone: list[int] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            gone.extend(range(i1 + 1, i2 + 1))
            new.extend(range(j1 + 1, j2 + 1))
    return new, gone


def _innermost(found: list[Span], number: int) -> Span | None:
    inside = [span for span in found if span.first <= number <= span.last]
    return inside[-1] if inside else None


def _says_something(source: str, number: int) -> bool:
    text = source.splitlines()[number - 1].strip()
    return bool(text) and not text.startswith("#")
