"""The files of one candidate's parent, as a proposer reads and changes them; nothing is written."""

import codecs
import io
import os
import tokenize
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from tools.compiler.functions import is_native, read_native
from tools.errors import UserError
from tools.git.modules import defined_names, find_module, near_names
from tools.git.patch import Contents, apply_patch, make_patch, parse_patch
from tools.git.paths import path_problem, plain_file, shown
from tools.git.side import lay_out_side
from tools.git.snapshot import Snapshot

__all__ = ["Workspace", "lay_out_side"]


class Workspace:
    """A snapshot with a parent's patch applied: what it holds, and what changes to it are as a patch.

    Paths are relative to the repository's root, with forward slashes.
    """

    def __init__(self, snapshot: Snapshot, parent_patch: str = "") -> None:
        """Raises PatchError where the parent's patch does not apply to the snapshot."""
        self.snapshot = snapshot
        self._parent: Contents = apply_patch(snapshot.tree, parse_patch(parent_patch))

    def exists(self, path: str) -> bool:
        """Whether there is a regular file at the path."""
        return self._bytes(path) is not None

    def read(self, path: str) -> str:
        """The text of a file, line endings as they are.

        Python files are decoded as they declare (PEP 263), others as UTF-8. Raises UserError where there is no such
        file or it is not text.
        """
        content = self._bytes(path)
        if content is None:
            raise UserError(f"There is no file {shown(path)} in the repository.", status=404)
        try:
            return content.decode(encoding_of(path, content))
        except (UnicodeDecodeError, LookupError, SyntaxError) as error:
            raise UserError(f"{shown(path)} is not text that can be read: {error}.", status=422) from error

    def files(self) -> tuple[str, ...]:
        """The paths of all regular files, sorted."""
        gone = {path for path, content in self._parent.items() if content is None}
        added = {path for path, content in self._parent.items() if content is not None}
        return tuple(sorted((self._snapshot_files - gone) | added))

    def locate(self, target: str, sources: tuple[str, ...] = (".",)) -> tuple[str, str]:
        """The file and the qualified name that `package.module:Class.function` or `path/to/file.c:function` stands for.

        `sources` are the folders that hold importable code, relative to the project's. Raises UserError, with the
        nearest names there are, where nothing is found.
        """
        module, _, name = target.partition(":")
        name = name.replace(".<locals>", "")
        if not module or not name:
            raise UserError(f"The target {target!r} is not of the form package.module:Class.function.")
        if is_native(module):
            return module, self._native(module, name)
        path = find_module(module, self.files(), self.snapshot.subdirectory, sources)
        names = defined_names(self.read(path), path)
        if name not in names:
            raise UserError(f"{path} defines no {name!r}{near_names(name, names)}.", status=404)
        return path, name

    def _native(self, path: str, name: str) -> str:
        """The full name of a function in C or C++."""
        found = read_native(self.read(path), path)
        function = found.named(name)
        if function is None:
            names = [one.name for one in found.functions]
            raise UserError(f"{path} defines no {name!r}{near_names(name, names)}.", status=404)
        return function.name

    def changed(self, changes: Mapping[str, str | None]) -> str:
        """The patch against the snapshot: the parent's changes and these, by path; None deletes a file.

        A file keeps its encoding, and its line endings where the new text has plain newlines only. Raises UserError for
        paths outside the repository and for text that the file's encoding cannot hold.
        """
        after: Contents = dict(self._parent)
        for path, text in changes.items():
            after[path] = None if text is None else self._encoded(path, text)
        return make_patch({path: self._snapshot_bytes(path) for path in after}, after)

    @cached_property
    def _snapshot_files(self) -> frozenset[str]:
        root = os.fspath(self.snapshot.tree)
        return frozenset(
            os.path.relpath(os.path.join(folder, name), root)
            for folder, _, names in os.walk(root)
            for name in names
            if not os.path.islink(os.path.join(folder, name))
        )

    def _bytes(self, path: str) -> bytes | None:
        return self._parent[path] if path in self._parent else self._snapshot_bytes(path)

    def _snapshot_bytes(self, path: str) -> bytes | None:
        file: Path | None = plain_file(self.snapshot.tree, path)
        return None if file is None else file.read_bytes()

    def _encoded(self, path: str, text: str) -> bytes:
        if problem := path_problem(path):
            raise UserError(f"{shown(path)!r} cannot be changed: {problem}.")
        old = self._bytes(path)
        encoding = "utf-8"
        if old is not None:
            encoding = encoding_of(path, old)
            if old.count(b"\r\n") == old.count(b"\n") > 0 and "\r" not in text:
                text = text.replace("\n", "\r\n")
        try:
            return text.encode(encoding)
        except UnicodeEncodeError as error:
            raise UserError(f"{shown(path)} is written in {encoding}, which cannot hold the new text.") from error


def encoding_of(path: str, content: bytes) -> str:
    """What a file is encoded in: as it declares for Python (PEP 263), else UTF-8; raises SyntaxError, LookupError."""
    if path.endswith((".py", ".pyi", ".pyw")):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return encoding
    return "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
