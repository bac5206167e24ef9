"""Which other names a name is given, and which files may therefore speak of it."""

import re
from collections.abc import Iterator

from tools.code.tree import CodeTree

CLASS_HEADER = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*[\[(]([^:]*)", re.MULTILINE)
NO_ALIAS = ("except", "with ", "case ", "async with ")
WORD = re.compile(r"[^\W\d]\w*")


def aliases(tree: CodeTree, name: str) -> list[str]:
    """The name, and those that imports and assignments at module level give to it, whatever it stands for there."""
    names, waiting = [name], [name]
    while waiting:
        one = waiting.pop()
        given = re.compile(rf".*\b{one}[ \t]+as[ \t]+(\w+)|(\w+)[ \t]*=[ \t]*(?:\w+\.)*{one}[ \t]*(?:#.*)?$")
        for path in tree.python:
            for line in _lines_with(tree.text(path) or "", one):
                found = None if line.lstrip().startswith(NO_ALIAS) else given.match(line)
                alias = (found[1] or found[2]) if found else one
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


def files_deriving(tree: CodeTree, names: list[str]) -> list[str]:
    """Files with a class that has one of the names in its brackets."""
    wanted = set(names)
    return [
        path
        for path in tree.python
        if any(words & wanted for words in tree.fact("class headers", path, _class_headers))
    ]


def _class_headers(text: str) -> list[frozenset[str]]:
    """The words in the brackets of each class."""
    return [frozenset(WORD.findall(bases)) for bases in CLASS_HEADER.findall(text)]


def _lines_with(text: str, word: str) -> Iterator[str]:
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(word, end)
