"""Which files of a tree import which others, read from their source: what an edit at module level can reach."""

import ast
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from tools.profile.source import MOST_SOURCE_BYTES, SourceIndex

SKIPPED_FOLDERS = frozenset({".git", ".venv", "__pycache__", "node_modules", ".tox", "build", "dist"})
MOST_FILES = 20_000


class ImportGraph:
    """The imports of one tree; its files are read when it is first asked."""

    def __init__(self, tree: Path, sources: SourceIndex) -> None:
        self._tree = tree
        self._sources = sources

    def importers(self, changed: Iterable[str]) -> frozenset[str]:
        """The files that import one of `changed`, at any remove; `changed` themselves are among them.

        Imports inside functions count as well; imports by a computed name are not seen. Paths are relative to the
        tree. A package's `__init__` counts as imported by whatever imports something below it.
        """
        found: set[str] = set()
        waiting = list(changed)
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting += self._imported_by.get(path, ())
        return frozenset(found)

    @cached_property
    def _imported_by(self) -> dict[str, set[str]]:
        files = list(_python_files(self._tree))
        named: dict[str, str] = {}
        for path in files:
            for name in _names(path, self._sources):
                named.setdefault(name, path)
        imported_by: defaultdict[str, set[str]] = defaultdict(set)
        for path in files:
            for name in _imports(self._tree / path, path, self._sources):
                parts = name.split(".")
                for length in range(1, len(parts) + 1):
                    reached = named.get(".".join(parts[:length]))
                    if reached:
                        imported_by[reached].add(path)
        return dict(imported_by)


def _python_files(tree: Path) -> Iterator[str]:
    count = 0
    for folder, folders, files in os.walk(tree):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if name.endswith(".py") and count < MOST_FILES:
                count += 1
                yield Path(folder, name).relative_to(tree).as_posix()


def _names(path: str, sources: SourceIndex) -> Iterator[str]:
    """What a file can be imported by: its dotted name, and its bare one beside a test that pytest put on the path."""
    module = sources.module(path)
    if module:
        yield module
    pure = PurePosixPath(path)
    parts = pure.with_suffix("").parts
    for start in range(1, len(parts)):
        yield ".".join(parts[start:-1] if parts[-1] == "__init__" else parts[start:])


def _imports(file: Path, path: str, sources: SourceIndex) -> Iterator[str]:
    try:
        text = file.read_bytes() if file.stat().st_size <= MOST_SOURCE_BYTES else b""
        module = ast.parse(text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    package = (sources.module(path) or ".".join(PurePosixPath(path).with_suffix("").parts)).split(".")
    if not path.endswith("__init__.py"):
        package = package[:-1]
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
