"""Requirements files: which of them serve tests, and what they ask for once their includes are followed."""

import codecs
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OF_PYTHON = re.compile(r"^(?P<stem>.*?)[-_.]?(?:py|python)?3\.?(?P<minor>\d{1,2})$")
TEST_NAME = re.compile(r"(^|[-_.])(tests?|testing|pytest|unittests?)((py)?3\d+)?([-_.]|$)")
DEVELOPMENT_NAME = re.compile(r"(^|[-_.])(dev|devel|develop|development)([-_.]|$)")
OWN_EXTRAS = re.compile(
    r"""^(?:(?:-e|--editable)[\s=]*)?["']?(?:file:)?\.?/?\[(?P<extras>[\w,.\s-]+)\]["']?(?=\s*(?:;|$))"""
)
FOLDERS = (".", "requirements", "reqs", "requires", "tests", "test", "testing")
LARGEST_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class RequirementFiles:
    """The requirements files of a project by what they are for; paths relative to the project."""

    tests: tuple[Path, ...] = ()
    development: tuple[Path, ...] = ()
    runtime: tuple[Path, ...] = ()


def find_requirement_files(project: Path) -> RequirementFiles:
    """Files that a project keeps requirements in, found by the usual names and places."""
    tests: list[Path] = []
    development: list[Path] = []
    runtime: list[Path] = []
    for folder in FOLDERS:
        for path in sorted((project / folder).glob("*.txt")) + sorted((project / folder).glob("*.in")):
            relative = path.relative_to(project)
            if "requirements" not in str(relative).lower() and folder not in {"reqs", "requires"}:
                continue
            if path.suffix == ".in" and path.with_suffix(".txt").is_file():
                continue
            stem = path.stem.lower()
            if TEST_NAME.search(stem) or folder in {"tests", "test", "testing"}:
                tests.append(relative)
            elif DEVELOPMENT_NAME.search(stem):
                development.append(relative)
            elif stem in {"requirements", "base", "default", "main", "install", "common"}:
                runtime.append(relative)
    return RequirementFiles(
        tests=_for_this_python(tests), development=_for_this_python(development), runtime=tuple(runtime)
    )


def _for_this_python(files: list[Path]) -> tuple[Path, ...]:
    """Of files that differ by a Python's version alone (`tests37.txt`, `tests-py39.txt`), the newest that fits ours."""
    families: dict[str, list[tuple[int, Path]]] = {}
    for file in files:
        numbered = OF_PYTHON.match(file.stem)
        family = str(file.with_name(numbered["stem"] if numbered else file.name))
        families.setdefault(family, []).append((int(numbered["minor"]) if numbered else -1, file))
    chosen: list[Path] = []
    for entries in families.values():
        fitting = [entry for entry in entries if entry[0] <= sys.version_info[1]] or entries
        chosen.append(max(fitting, key=lambda entry: entry[0])[1])
    return tuple(chosen)


def read_text(file: Path) -> str:
    """A text file as UTF-8, or as its byte-order mark says: PowerShell writes requirements in UTF-16."""
    content = file.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")


def read_requirements(project: Path, file: Path) -> tuple[str, ...]:
    """Every requirement of a file and of those it includes.

    Hashes are left out (they would bind every other requirement too), and so are index options, which are the user's
    to set, and the project itself, which is installed apart; its extras stay, as `.[NAME]`, where the line states any.
    Constraints stay, as `-c` and a path.
    """
    found: list[str] = []
    _read(project.resolve(), (project / file).resolve(), found, set())
    return tuple(dict.fromkeys(found))


def lines_of(project: Path, lines: Iterable[str]) -> tuple[str, ...]:
    """Lines as a requirements file of the project's folder would hold them, as `read_requirements` reads its own."""
    found: list[str] = []
    _read_lines(project.resolve(), project.resolve(), lines, found, set())
    return tuple(dict.fromkeys(found))


def own_extras(line: str) -> tuple[str, ...]:
    """The extras of a line that asks for the project itself, as `.[test]` and `-e .[test]` do."""
    found = OWN_EXTRAS.match(line)
    return tuple(name.strip() for name in found["extras"].split(",") if name.strip()) if found else ()


def _read(project: Path, file: Path, found: list[str], seen: set[Path]) -> None:
    if file in seen or not file.is_relative_to(project) or not file.is_file():
        return
    seen.add(file)
    if file.stat().st_size > LARGEST_FILE_BYTES:
        return
    text = re.sub(r"\\\r?\n", " ", read_text(file))
    _read_lines(project, file.parent, text.splitlines(), found, seen)


def _read_lines(project: Path, folder: Path, lines: Iterable[str], found: list[str], seen: set[Path]) -> None:
    for raw in lines:
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        line = re.sub(r"\s+--(hash|config-settings?|global-option)\b.*$", "", line)
        include = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line)
        constraint = re.match(r"(?:-c|--constraint)[\s=]*(\S+)", line)
        if include:
            _read(project, (folder / include[1]).resolve(), found, seen)
        elif constraint:
            path = (folder / constraint[1]).resolve()
            if path.is_relative_to(project) and path.is_file():
                found.append(f"-c {path.relative_to(project)}")
        elif extras := own_extras(line):
            found.append(f".[{','.join(extras)}]")
        elif line and not line.startswith(("-", ".", "/", "file:")):
            found.append(line)
