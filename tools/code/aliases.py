"""Which other names a name is given, and which files may therefore speak of it, by the lines of all files."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from tools.code.tree import CodeTree

CLASS_HEADER = re.compile(r"^[ \t]*class[ \t]+(\w+)[ \t]*[\[(]([^:]*)", re.MULTILINE)
IMPORTED_AS = re.compile(r"\b(\w+)[ \t]+as[ \t]+(\w+)(?=[ \t]*(?:[,)\\#\n]|$))")
ASSIGNED = re.compile(r"^(\w+)[ \t]*=[ \t]*(?:\w+\.)*([^\W\d]\w*)[ \t]*(?:#.*)?$", re.MULTILINE)
NO_IMPORT = ("except", "with ", "case ", "async with ")
WORD = re.compile(r"[^\W\d]\w*")


class Header(NamedTuple):
    """The beginning of a class."""

    name: str
    words: frozenset[str]
    """What stands in its brackets."""


def aliases(tree: CodeTree, name: str) -> list[str]:
    """The name, and those that imports and assignments at module level give to it, whatever it stands for there."""
    given = tree.once("aliases", lambda: _given(tree))
    names, waiting = [name], [name]
    while waiting:
        for alias in given.get(waiting.pop(), ()):
            if alias not in names:
                names.append(alias)
                waiting.append(alias)
    return names


def files_with(tree: CodeTree, names: list[str]) -> set[str]:
    """Files with the first name, or with another that was given to it and is imported or an attribute."""
    found = set(tree.holding(tree.python, names[0]))
    for alias in names[1:]:
        pattern = re.compile(
            rf"\bimport\b[^\n]*\b{alias}\b|^[ \t]+{alias}(?:,|[ \t]as[ \t]|$)|\.{alias}\b", re.MULTILINE
        )
        found.update(tree.matching(tree.python, alias, pattern))
    return found


def files_deriving(tree: CodeTree, names: Iterable[str]) -> dict[str, set[str]]:
    """Files with classes that have one of the names in their brackets, each with these classes' names."""
    deriving = tree.once("deriving", lambda: _deriving(tree))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for path, cls in deriving.get(name, ()):
            found[path].add(cls)
    return dict(found)


def _given(tree: CodeTree) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in tree.python:
        for name, alias in tree.fact("aliases", path, _aliases_in):
            if alias not in found[name]:
                found[name].append(alias)
    return dict(found)


def _deriving(tree: CodeTree) -> dict[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in tree.python:
        for header in tree.fact("class headers", path, _headers_in):
            for word in header.words:
                found[word].append((path, header.name))
    return dict(found)


def _aliases_in(text: str) -> list[tuple[str, str]]:
    found = []
    if " as " in text:
        for match in IMPORTED_AS.finditer(text):
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if not line.lstrip().startswith(NO_IMPORT):
                found.append((match[1], match[2]))
    found += [(name, alias) for alias, name in ASSIGNED.findall(text)]
    return [(name, alias) for name, alias in found if name != alias]


def _headers_in(text: str) -> list[Header]:
    return [Header(name, frozenset(WORD.findall(bases))) for name, bases in CLASS_HEADER.findall(text)]
