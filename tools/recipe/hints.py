"""What a project's test runners (tox, nox) say about its tests: what to install, which commands, with which variables.

A hint counts where the project's packaging says nothing. The files are parsed, never run.
"""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PYTHONS = re.compile(r"^(python|pypy)[\d.]*$")
LAUNCHERS = {"coverage", "slipcover", "kernprof", "time", "env", "xvfb-run", "uv", "poetry", "pdm", "hatch", "pipenv"}
VALUED = {
    *("-m", "-k", "-p", "-o", "-c", "-W", "-n", "--ignore", "--ignore-glob", "--deselect", "--rootdir", "--cov"),
    *("--cov-report", "--cov-config", "--durations", "--maxfail", "--tb", "--junitxml", "--junit-xml", "--basetemp"),
    *("--dist", "--confcutdir", "--import-mode", "--timeout", "--capture", "--color", "-r", "--numprocesses"),
}
"""pytest's options whose value is the next word."""
KEPT_VARIABLE = re.compile(
    r"^(?!PYTHON|COVERAGE|COV_|PIP_|UV_|TOX|VIRTUALENV|PATH$|HOME$|VIRTUAL_ENV$|CI$)[A-Z][A-Z0-9_]*$"
)


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What one runner's file says; requirements are lines of a requirements file."""

    file: str = ""
    deps: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    """Argument vectors, with what the runner would fill in left out."""
    env: Mapping[str, str] = field(default_factory=dict)

    def or_else(self, other: "Hints") -> "Hints":
        """This one where it says anything about tests, else the other."""
        return self if self.deps or self.extras or self.groups or self.commands else other


@dataclass(frozen=True, kw_only=True)
class TestCommands:
    """What the commands of a runner run."""

    __test__ = False

    paths: tuple[str, ...] = ()
    """Files and folders that pytest or unittest is given, where they exist."""
    scripts: tuple[str, ...] = ()
    """Python files that are run as they are."""
    doctest_modules: bool = False
    runner: str = ""
    """`pytest`, `unittest`, or empty where neither is run."""


def read_commands(project: Path, commands: Iterable[Sequence[str]]) -> TestCommands:
    """The tests that commands run, as far as their words show."""
    paths: list[str] = []
    scripts: list[str] = []
    doctests, runner = False, ""
    for command in commands:
        program, arguments = _program(list(command))
        if program in {"pytest", "py.test"}:
            runner = "pytest"
            doctests |= "--doctest-modules" in arguments
            paths += [word for word in _positional(arguments) if _is_inside(project, word.partition("::")[0])]
        elif program in {"unittest", "unittest2"}:
            runner = runner or "unittest"
            paths += _discovered(project, arguments)
        elif program.endswith(".py") and "test" in Path(program).name and (project / program).is_file():
            scripts.append(program)
    return TestCommands(
        paths=tuple(dict.fromkeys(path.rstrip("/") for path in paths)),
        scripts=tuple(dict.fromkeys(scripts)),
        doctest_modules=doctests,
        runner=runner,
    )


def plain_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables that can be set as they stand: not the interpreter's or a tool's own, nothing to be filled in."""
    return {
        name: value
        for name, value in variables.items()
        if KEPT_VARIABLE.match(name) and not re.search(r"[{}\n]|\$", value)
    }


def words_of(line: str) -> tuple[str, ...]:
    """A command's words without what its runner would fill in; empty where it cannot be split."""
    plain = re.sub(r"\{posargs(?::([^{}]*))?\}", lambda found: found[1] or "", line.lstrip("-").strip())
    plain = re.sub(r"\{(?:envbindir|env_bin_dir)\}/?", "", plain)
    plain = re.sub(r"\{(?:envpython|env_python)\}", "python", plain)
    try:
        words = shlex.split(plain)
    except ValueError:
        return ()
    return tuple(word for word in words if "{" not in word)


def _program(words: list[str]) -> tuple[str, list[str]]:
    """The program that a command comes down to behind `python -m`, `coverage run` and the like; its arguments."""
    while words:
        name = Path(words[0]).name
        if PYTHONS.match(name):
            words = _after_python(words[1:])
            if words and words[0].endswith(".py"):
                return words[0], words[1:]
        elif name in LAUNCHERS or "=" in name:
            words = words[1:]
            while words and (words[0] in {"run", "exec", "--"} or words[0].startswith("-")) and words[0] != "-m":
                words = words[1:]
            if words[:1] == ["-m"]:
                words = words[1:]
            elif name == "coverage" and words and words[0].endswith(".py"):
                return words[0], words[1:]
        else:
            return name, words[1:]
    return "", []


def _after_python(words: list[str]) -> list[str]:
    while words and words[0].startswith("-"):
        if words[0] == "-m":
            return words[1:]
        words = words[2:] if words[0] in {"-W", "-X", "-c"} else words[1:]
    return words


def _positional(arguments: Sequence[str]) -> list[str]:
    found, skip = [], False
    for word in arguments:
        if skip or word.startswith("-"):
            skip = not skip and word in VALUED
            continue
        found.append(word)
    return found


def _discovered(project: Path, arguments: Sequence[str]) -> list[str]:
    """Folders and files that `python -m unittest` is given, as paths."""
    found = []
    for position, word in enumerate(arguments):
        if word in {"-s", "--start-directory"} and position + 1 < len(arguments):
            found.append(arguments[position + 1])
        elif not word.startswith("-") and word != "discover" and arguments[position - 1 : position] not in (
            ["-p"], ["--pattern"], ["-t"], ["--top-level-directory"], ["-s"], ["--start-directory"], ["-k"],
        ):  # fmt: skip
            dotted = word.replace(".", "/")
            found += [name for name in (word, dotted, f"{dotted}.py") if (project / name).exists()][:1]
    return [name for name in found if _is_inside(project, name)]


def _is_inside(project: Path, name: str) -> bool:
    return (
        not Path(name).is_absolute()
        and ".." not in Path(name).parts
        and name not in {"", "."}
        and (project / name).exists()
    )
