"""What a repository and the libraries it imports document: found by words, shown with where it stands."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.code.definitions import definitions_of, parsed
from tools.code.kept import uncollected
from tools.code.outline import signature
from tools.code.ranking import Ranking, weighted, words_of
from tools.code.scopes import Broken, FunctionNode
from tools.code.tree import ASIDE, PYTHON, TESTS, CodeTree, Library, standing_of
from tools.code.values import Symbol

MOST_LIBRARY_BYTES = 3_000_000
"""Of one library's source that is read."""
MOST_LIBRARIES_BYTES = 12_000_000
MOST_DOC_CHARACTERS = 1_000
OWN_SHARES = (1.0, 0.7, 0.7, 0.7)
"""Of a score, by `standing_of`: own code, examples, tests, what is vendored."""
LIBRARY_SHARE = 0.8
PROSE = (".md", ".rst", ".txt")
DOCUMENTED = re.compile(
    r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*(?P<head>(?:\((?:[^()#]|\([^()#]*\))*\))?[^:\n(]*):"
    r"[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]+[rRuUbB]{0,2}(?P<quotes>\"\"\"|''')(?P<doc>.*?)(?P=quotes)",
    re.MULTILINE | re.DOTALL,
)
IMPORTED = re.compile(r"^[ \t]*(?:import[ \t]+(\w+)|from[ \t]+(\w+)[\w.]*[ \t]+import\b)", re.MULTILINE)
SECTION = re.compile(r"^(?:#{1,6}[ \t]+(\S.*)|(\S.*)\n(?:=|-|~|\^|\"){3,}[ \t]*)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something documented: a function, class or method, or a section of a page."""

    path: str
    name: str
    """The qualified name as far as indentation tells, or the section's heading."""
    line: int
    words: tuple[tuple[str, float], ...]
    is_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Documented:
    """One answer."""

    place: str
    """`package.module:Class.method`, or a page's path."""
    path: str
    line: int
    signature: str
    """Empty for a page."""
    text: str
    """The first paragraph."""
    score: float


class Documentation:
    """The index of one tree and of the libraries that its own code imports."""

    def __init__(self, tree: CodeTree) -> None:
        self._tree = tree
        own = [path for path in tree.paths if not ASIDE.search(path) and not TESTS.search(path)]
        entries = [entry for path in own for entry in tree.fact("documented", path, partial(_entries, path))]
        entries += [entry for path in self._library_files() for entry in _library_entries(tree, path)]
        self._entries = entries
        self._ranking = Ranking([dict(entry.words) for entry in entries])

    def find(self, query: str, most: int = 5) -> list[Documented]:
        """What answers a question in plain words best."""
        found: list[Documented] = []
        best = self._ranking.best(words_of(query), most * 8)
        scored = [(score * self._share(self._entries[number].path), number) for number, score in best]
        for score, number in sorted(scored, key=lambda one: (-one[0], one[1])):
            shown = self._shown(self._entries[number], score)
            if shown is not None and all((one.place, one.line) != (shown.place, shown.line) for one in found):
                found.append(shown)
            if len(found) == most:
                break
        return found

    def _share(self, path: str) -> float:
        """What a place counts: a project's own functions are asked about more often than examples and libraries."""
        return OWN_SHARES[standing_of(path)] if self._tree.is_own(path) else LIBRARY_SHARE

    @property
    def size(self) -> int:
        """How much is documented."""
        return len(self._entries)

    def _shown(self, entry: Entry, score: float) -> Documented | None:
        """An entry with what the syntax tree says; None where what looked like one is none."""
        if entry.is_page:
            text = _section(self._tree.text(entry.path) or "", entry.line)
            return Documented(
                place=f"{entry.path}, {entry.name}",
                path=entry.path,
                line=entry.line,
                signature="",
                text=text,
                score=score,
            )
        definitions = definitions_of(self._tree, Symbol(entry.path, entry.name))
        file = parsed(self._tree, entry.path)
        if not definitions or isinstance(file, Broken):
            return None
        nodes = [scope.node for scope in file.definitions.get(entry.name, ())]
        node = next((one for one in reversed(nodes) if isinstance(one, FunctionNode | ast.ClassDef)), None)
        if node is None or not ast.get_docstring(node):
            return None
        return Documented(
            place=f"{self._tree.module(entry.path)}:{entry.name}",
            path=entry.path,
            line=node.lineno,
            signature=_head(node),
            text=_paragraph(ast.get_docstring(node) or ""),
            score=score,
        )

    def _library_files(self) -> Iterator[str]:
        names = sorted(
            {
                name
                for path in self._tree.python
                if not ASIDE.search(path) and not TESTS.search(path)
                for name in self._tree.fact("imported libraries", path, _imported)
            }
        )
        left = MOST_LIBRARIES_BYTES
        for name in names:
            found = self._tree.find(name)
            library = next((one for one in self._tree.libraries if found and found.startswith(f"{one.name}/")), None)
            if library is None or found is None or self._tree.is_own(found) or library.name == STANDARD:
                continue
            for path, size_bytes in _public_files(library, found.removeprefix(f"{library.name}/")):
                left -= size_bytes
                if left < 0:
                    return
                yield f"{library.name}/{path}"


STANDARD = "python"
"""The name under which Python's own library stands; it is known well enough."""


def _imported(text: str) -> list[str]:
    return sorted({name for pair in IMPORTED.findall(text) for name in pair if name})


def _public_files(library: Library, first: str) -> Iterator[tuple[str, int]]:
    """The files of one package without private ones and tests, those near its top first."""
    if not first.endswith("__init__.py"):
        yield first, (library.folder / first).stat().st_size
        return
    top = library.folder / first.rpartition("/")[0]
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(
            name for name in folders if not name.startswith((".", "_")) and name not in ("tests", "test")
        )
        for name in names:
            place = Path(folder, name)
            private = name.startswith("_") and name != "__init__.py"
            if name.endswith(".py") and not private and not place.is_symlink():
                found.append((place.relative_to(library.folder).as_posix(), place.stat().st_size))
    left = MOST_LIBRARY_BYTES
    for path, size_bytes in sorted(found, key=lambda one: (one[0].count("/"), one[0])):
        left -= size_bytes
        if left < 0:
            return
        yield path, size_bytes


def _library_entries(tree: CodeTree, path: str) -> list[Entry]:
    return _entries(path, tree.text(path) or "")


def _entries(path: str, text: str) -> list[Entry]:
    if path.endswith(PYTHON):
        return list(_code_entries(path, text))
    return list(_page_entries(path, text)) if path.endswith(PROSE) else []


def _code_entries(path: str, text: str) -> Iterator[Entry]:
    """Public functions, classes and methods with a docstring; by their layout, for parsing takes ten times as long."""
    module = path.rpartition(".")[0].replace("/", " ").replace("__init__", "")
    around: list[tuple[int, str, bool]] = []
    for match in re.finditer(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", text, re.MULTILINE):
        depth, name = len(match[1].expandtabs()), match[3]
        around = [one for one in around if one[0] < depth]
        qualname = ".".join([*(one[1] for one in around), name])
        inside_function = any(not one[2] for one in around)
        around.append((depth, name, match[2] == "class"))
        documented = DOCUMENTED.match(text, match.start())
        if documented is None or inside_function or any(part.startswith("_") for part in qualname.split(".")):
            continue
        doc = documented["doc"][:MOST_DOC_CHARACTERS]
        first, _, rest = doc.strip().partition("\n\n")
        fields = ((name, 4.0), (qualname, 1.0), (first, 2.0), (rest, 0.7), (documented["head"], 0.7), (module, 0.5))
        yield Entry(path=path, name=qualname, line=_line(text, match.start()), words=tuple(weighted(fields).items()))


def _page_entries(path: str, text: str) -> Iterator[Entry]:
    headings = list(SECTION.finditer(text))
    for number, match in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        heading = (match[1] or match[2]).strip()
        body = text[match.end() : end].strip()
        if body:
            words = weighted([(heading, 2.0), (body[:MOST_DOC_CHARACTERS], 0.7)])
            line = _line(text, match.start())
            yield Entry(path=path, name=heading, line=line, words=tuple(words.items()), is_page=True)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _section(text: str, line: int) -> str:
    below = text.split("\n")[line:]
    while below and (not below[0].strip() or re.fullmatch(r"[=\-~^\"]{3,}\s*", below[0])):
        below = below[1:]
    return _paragraph("\n".join(below))


def _paragraph(text: str) -> str:
    paragraphs = (part.strip() for part in re.split(r"\n[ \t]*\n", text.strip()))
    first = " ".join(next((part for part in paragraphs if part and not part.startswith(("!!!", ".. "))), "").split())
    return first if len(first) <= 400 else f"{first[:400]}..."


def _head(node: FunctionNode | ast.ClassDef) -> str:
    if isinstance(node, FunctionNode):
        return signature(node)
    made = next((one for one in node.body if isinstance(one, FunctionNode) and one.name == "__init__"), None)
    inside = signature(made).removeprefix("def __init__(self, ").removeprefix("def __init__(self") if made else ")"
    return f"class {node.name}({inside.removesuffix(' -> None')}"


@uncollected()
def documentation(tree: CodeTree) -> Documentation:
    """The index of a tree; the one that was made for it, where there is one."""
    return tree.once("documentation", lambda: Documentation(tree))
