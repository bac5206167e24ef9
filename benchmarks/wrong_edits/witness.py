"""Whether an edit changes what its witness sees: the same few lines of Python, run with and without the edit."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.wrong_edits.edits import REFACTORING, Edit, edited
from benchmarks.wrong_edits.projects import PROJECTS

TIMEOUT_S = 20.0
RUNNER = Path(__file__).with_name("outcome.py")


def problems(trees: Mapping[str, Path], edits: Sequence[Edit], scratch: Path) -> list[str]:
    """What is wrong with the corpus: edits that do not apply, and witnesses that do not show what they are for."""

    def of_project(name: str) -> list[str]:
        checker = _Checker(name, trees[name], scratch)
        return [text for edit in edits if edit.project == name and (text := checker.problem(edit))]

    with ThreadPoolExecutor(2) as pool:
        return [text for found in pool.map(of_project, trees) for text in found]


class _Checker:
    """One project's tree and a copy of it that edits are made to, one after the other."""

    def __init__(self, name: str, tree: Path, scratch: Path) -> None:
        self._root = PROJECTS[name].root
        self._tree = tree
        self._copy = scratch / f"{name}-edited"
        self._metadata = scratch / f"{name}-metadata"
        shutil.copytree(tree, self._copy)
        described = self._metadata / f"{tree.name}.dist-info"
        described.mkdir(parents=True)
        shutil.copy(tree / "PKG-INFO", described / "METADATA")  # some projects ask for their own version

    def problem(self, edit: Edit) -> str | None:
        """What is wrong with one edit; None where it is what it says."""
        source = (self._tree / edit.path).read_bytes().decode()
        try:
            text = edited(source, edit)
            compile(text, edit.path, "exec")
        except (ValueError, SyntaxError) as error:
            return f"{edit.name}: {error}"
        (self._copy / edit.path).write_bytes(text.encode())
        try:
            before, now = self._run(self._tree, edit), self._run(self._copy, edit)
        finally:
            (self._copy / edit.path).write_bytes(source.encode())
        if "ended with" in before:
            return f"{edit.name}: the witness cannot be run: {before}"
        if edit.kind == REFACTORING:
            return f"{edit.name}: before {before}, now {now}" if before != now else None
        return f"{edit.name}: the witness sees no difference: {now}" if before == now else None

    def _run(self, tree: Path, edit: Edit) -> str:
        inside = Path(edit.path).relative_to(self._root).with_suffix("")
        module = ".".join(part for part in inside.parts if part != "__init__")
        paths = [str(tree / self._root), str(self._metadata)]
        request = json.dumps({"paths": paths, "module": module, "code": edit.witness})
        command = [sys.executable, "-S", "-B", str(RUNNER)]
        try:
            done = subprocess.run(
                command, input=request, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return "no end"
        return done.stdout if done.returncode == 0 else f"ended with {done.returncode}: {done.stderr[-300:]}"
