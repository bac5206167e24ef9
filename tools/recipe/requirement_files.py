"""Requirements files: which of them serve tests, and what they ask for once their includes are followed."""

import re
from dataclasses import dataclass
from pathlib import Path

TEST_NAME = re.compile(r"(^|[-_.])(tests?|testing|pytest|unittests?)([-_.]|$)")
DEVELOPMENT_NAME = re.compile(r"(^|[-_.])(dev|devel|develop|development)([-_.]|$)")
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
    tests, development, runtime = [], [], []
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
    return RequirementFiles(tests=tuple(tests), development=tuple(development), runtime=tuple(runtime))


def read_requirements(project: Path, file: Path) -> tuple[str, ...]:
    """Every requirement of a file and of those it includes.

    Hashes are left out (they would bind every other requirement too), and so are index options, which are the user's
    to set, and the project itself, which is installed apart. Constraints stay, as `-c` and a path.
    """
    found: list[str] = []
    _read(project.resolve(), (project / file).resolve(), found, set())
    return tuple(dict.fromkeys(found))


def _read(project: Path, file: Path, found: list[str], seen: set[Path]) -> None:
    if file in seen or not file.is_relative_to(project) or not file.is_file():
        return
    seen.add(file)
    if file.stat().st_size > LARGEST_FILE_BYTES:
        return
    text = re.sub(r"\\\r?\n", " ", file.read_text(encoding="utf-8", errors="replace"))
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        line = re.sub(r"\s+--(hash|config-settings?|global-option)\b.*$", "", line)
        include = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line)
        constraint = re.match(r"(?:-c|--constraint)[\s=]*(\S+)", line)
        if include:
            _read(project, (file.parent / include[1]).resolve(), found, seen)
        elif constraint:
            path = (file.parent / constraint[1]).resolve()
            if path.is_relative_to(project) and path.is_file():
                found.append(f"-c {path.relative_to(project)}")
        elif line and not line.startswith(("-", ".", "/", "file:")):
            found.append(line)
