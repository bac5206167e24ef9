"""The files that `--json` and `--html` name: checked before anything is done, written when it has ended."""

import os
import sys
from pathlib import Path

from rich.console import Console

from api.cli.console import make_console
from api.report_parts import Part
from tools.errors import UserError


class JsonOutput:
    """Where the report goes; None writes none and `-` means standard output."""

    def __init__(self, name: str | None) -> None:
        """Raises UserError where the file could not be written."""
        self._name = name
        if name is not None and name != "-":
            check_file("--json", Path(name))

    def console(self) -> Console:
        """Where people read the result: standard output, unless the report itself goes there."""
        return make_console(stderr=self._name == "-")

    def write(self, report: Part) -> None:
        """Write the report; raises UserError where the file cannot be written after all."""
        text = report.model_dump_json(indent=2) + "\n"
        if self._name == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        elif self._name is not None:
            write_file(Path(self._name), text)


def write_file(path: Path, text: str) -> None:
    """Write a report or a page; raises UserError where the file cannot be written after all."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise UserError(f"{message}; `hasten show` has the report", status=422) from error


def check_file(option: str, path: Path) -> None:
    """Raises UserError where the file that an option names could not be written."""
    problem = None
    if path.is_dir():
        problem = "it is a folder"
    elif path.exists():
        problem = None if os.access(path, os.W_OK) else "it may not be written"
    elif not path.absolute().parent.is_dir():
        problem = f"there is no folder {path.absolute().parent}"
    elif not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        problem = f"the folder {path.absolute().parent} may not be written"
    if problem:
        raise UserError(f"{option} {path}: {problem}")
