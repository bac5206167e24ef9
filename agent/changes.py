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
    return Change(path=path, functions=functions, lines=frozenset(lines), module_level=module_level)


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
