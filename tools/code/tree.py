"""The files of a repository as text, and those of the libraries beside it; read as they are asked for."""

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from tools.git.paths import plain_file

PYTHON = (".py", ".pyi", ".pyw")
NATIVE = (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".inl", ".cu", ".cuh")
MOST_FILE_BYTES = 1024 * 1024
"""A larger file is data or generated: it is named, not read."""
ASIDE = re.compile(
    r"(?:^|/)(?:_?vendor(?:ed)?|_vendored_packages|third[_-]?party|extern(?:al)?s?|node_modules|\.git|\.tox|\.venv|"
    r"__pycache__|\.eggs|[^/]+\.egg-info)/",
    re.IGNORECASE,
)
TESTS = re.compile(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
Fact = TypeVar("Fact")
ASIDE_CODE = re.compile(
    r"(?:^|/)(?:examples?|docs?|samples?|demos?|tutorials?|scripts|benchmarks?|asv_bench)/", re.IGNORECASE
)


def standing_of(path: str) -> int:
    """0 for a project's own code, then examples and the like, tests, vendored code: the order in which it is shown."""
    return 3 if ASIDE.search(path) else 2 if TESTS.search(path) else 1 if ASIDE_CODE.search(path) else 0


@dataclass(frozen=True)
class Library:
    """A folder of installed code, such as site-packages; links in it are not followed."""

    name: str
    """How its files are shown: `site-packages/attr/_make.py`."""
    folder: Path

    def text(self, path: str) -> str | None:
        """A file's text by its path within the folder; None where there is none that can be read."""
        place = plain_file(self.folder, path)
        if place is None or place.stat().st_size > MOST_FILE_BYTES:
            return None
        try:
            return place.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return None

    def has(self, path: str) -> bool:
        """Whether there is a regular file."""
        return plain_file(self.folder, path) is not None


class CodeTree:
    """Text by path, relative to the repository's root. Paths into libraries begin with the library's name.

    Safe to read from several threads.
    """

    def __init__(
        self,
        paths: Iterable[str],
        read: Callable[[str], str | None],
        *,
        roots: Sequence[str] = ("", "src"),
        libraries: Sequence[Library] = (),
    ) -> None:
        """`read` gives None for what is not text; `roots` are the folders that hold importable code."""
        self.paths = tuple(sorted(paths))
        self.roots = tuple(dict.fromkeys(posixpath.normpath(root) if root else "" for root in roots))
        self.roots = tuple(dict.fromkeys("" if root == "." else root for root in self.roots))
        self.libraries = tuple(libraries)
        self._known = frozenset(self.paths)
        self._read = read
        self._texts: dict[str, str | None] = {}
        self._modules: dict[tuple[str, str], str | None] = {}
        self._facts: dict[tuple[str, str], object] = {}
        self._before: tuple[CodeTree, frozenset[str]] | None = None
        """The tree that this one differs from in a few files."""

    def __contains__(self, path: str) -> bool:
        if path in self._known:
            return True
        name, _, inside = path.partition("/")
        return any(library.name == name and library.has(inside) for library in self.libraries)

    def text(self, path: str) -> str | None:
        """A file's text; None where there is no such file or it is not text."""
        if path not in self._texts:
            self._texts[path] = self._fresh(path)
        return self._texts[path]

    def edited(self, edits: Mapping[str, str | None]) -> "CodeTree":
        """The tree with other text in some files; None takes a file away."""
        gone = {path for path, text in edits.items() if text is None}
        tree = CodeTree(
            (self._known | edits.keys()) - gone,
            lambda path: edits[path] if path in edits else self.text(path),
            roots=self.roots,
            libraries=self.libraries,
        )
        tree._before = self, frozenset(edits)
        return tree

    def fact(self, name: str, path: str, compute: Callable[[str], Fact]) -> Fact:
        """What `compute` makes of a file's text (empty where there is none), worked out once for each text."""
        if self._before is not None and path not in self._before[1]:
            return self._before[0].fact(name, path, compute)
        if (name, path) not in self._facts:
            self._facts[name, path] = compute(self.text(path) or "")
        return self._facts[name, path]  # type: ignore[return-value]

    def once(self, name: str, compute: Callable[[], Fact]) -> Fact:
        """What `compute` makes of the whole tree, worked out once."""
        if (name, "") not in self._facts:
            self._facts[name, ""] = compute()
        return self._facts[name, ""]  # type: ignore[return-value]

    @cached_property
    def python(self) -> tuple[str, ...]:
        """Python files of the repository, its own code before examples, tests and what is vendored."""
        found = [path for path in self.paths if path.endswith(PYTHON)]
        return tuple(sorted(found, key=lambda path: (standing_of(path), path)))

    @cached_property
    def native(self) -> tuple[str, ...]:
        """C and C++ files of the repository."""
        return tuple(path for path in self.paths if path.endswith(NATIVE) and not ASIDE.search(path))

    def holding(self, paths: Iterable[str], *words: str) -> list[str]:
        """Those of the paths whose text has one of the words, as a whole word."""
        if not words:
            return []
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
        found = []
        for path in paths:
            text = self.text(path)
            if text and any(word in text for word in words) and pattern.search(text):
                found.append(path)
        return found

    def matching(self, paths: Iterable[str], word: str, pattern: re.Pattern[str]) -> list[str]:
        """Those of the paths whose text has the word and a match of the pattern."""
        return [path for path in paths if (text := self.text(path)) and word in text and pattern.search(text)]

    def module(self, path: str) -> str:
        """The dotted name that a Python file is imported by."""
        inside = path
        for library in self.libraries:
            if path not in self._known:
                inside = inside.removeprefix(f"{library.name}/")
        for root in sorted(self.roots, key=len, reverse=True):
            if path in self._known and root and path.startswith(f"{root}/"):
                inside = path.removeprefix(f"{root}/")
                break
        stem = inside.rpartition(".")[0].replace("/", ".")
        return stem.removesuffix(".__init__")

    def find(self, module: str, importer: str = "") -> str | None:
        """The file of a module, the repository's before a library's; None where there is none.

        `importer` is the file that asks: modules beside it are found last, as where a folder of scripts or tests is put
        on the path.
        """
        beside = posixpath.dirname(importer) if importer in self._known else ""
        if (module, beside) not in self._modules:
            self._modules[module, beside] = self._found(module, beside)
        return self._modules[module, beside]

    def _found(self, module: str, beside: str) -> str | None:
        stem = module.replace(".", "/")
        for root in (*self.roots, beside):
            place = f"{root}/{stem}" if root else stem
            for path in (f"{place}/__init__.py", f"{place}.py", f"{place}.pyi"):
                if path in self._known:
                    return path
        for library in self.libraries:
            for inside in (f"{stem}/__init__.py", f"{stem}.py"):
                if library.has(inside):
                    return f"{library.name}/{inside}"
        return None

    def is_own(self, path: str) -> bool:
        """Whether a file is the repository's, not a library's."""
        return path in self._known

    def _fresh(self, path: str) -> str | None:
        if path in self._known:
            text = self._read(path)
            return None if text is None or len(text) > MOST_FILE_BYTES else text
        name, _, inside = path.partition("/")
        texts = (library.text(inside) for library in self.libraries if library.name == name)
        return next((text for text in texts if text is not None), None)


def folder_tree(folder: Path, *, roots: Sequence[str] = ("", "src"), libraries: Sequence[Library] = ()) -> CodeTree:
    """The tree of a plain folder."""
    paths = [
        Path(where, name).relative_to(folder).as_posix()
        for where, _, names in os.walk(folder)
        for name in names
        if not os.path.islink(os.path.join(where, name))
    ]
    own = Library(name="", folder=folder)
    return CodeTree(paths, own.text, roots=roots, libraries=libraries)
