"""Asks every compiler that the sandbox has about one file, with the flags of the project's own build."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.compiler.dialects import DIALECTS, Diagnostic, Dialect, diagnostics, remarks
from tools.compiler.remarks import Remark, merged
from tools.compiler.units import Unit
from tools.recipe.environment import Environment
from tools.recipe.places import PROJECT
from tools.sandbox.contract import Finished, Limits, Sandbox

LIMITS = Limits(wall_s=120.0)
NOT_FOUND = 127
MOST_RETRIES = 8
_UNKNOWN = re.compile(
    r"(?:unknown argument:?|unsupported option|unrecognized (?:command[- ]line )?option|unknown target \w+:?)"
    r" ['‘\"]([^'’\"]+)['’\"]"
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one compiler says of one file."""

    dialect: Dialect
    version: str = ""
    problem: str = ""
    """Why there is nothing of it; empty where it compiled the file."""
    diagnostics: tuple[Diagnostic, ...] = ()
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[str, ...] = ()
    """Flags of the build that this compiler does not take."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where compilers run: one side's tree, with what its build left in it."""

    sandbox: Sandbox
    environment: Environment
    tree: Path

    def run(self, argv: Sequence[str], directory: str, *, stdin: bytes = b"", limits: Limits = LIMITS) -> Finished:
        """Run a program of the sandbox's system; one that is not there ends with NOT_FOUND."""
        command = self.environment.python_command((), self.tree, hash_seed=0, writable=True, limits=limits)
        shell = ("/bin/sh", "-c", 'exec "$@"', "sh", *argv)
        return self.sandbox.run(replace(command, argv=shell, cwd=directory, stdin=stdin))


def ask(place: Place, unit: Unit, dialects: Sequence[Dialect] = DIALECTS) -> tuple[Answer, ...]:
    """Diagnostics and remarks of each compiler."""
    return tuple(_asked(place, unit, dialect) for dialect in dialects)


def compiled(
    place: Place, unit: Unit, dialect: Dialect, further: Sequence[str], then: str = ""
) -> tuple[Finished, tuple[str, ...]]:
    """Compile a unit with `further` flags, leaving out those that the compiler does not take; which were left out.

    `then` is a shell script to run on what came out.
    """
    left_out: list[str] = []
    for _ in range(MOST_RETRIES):
        flags = [flag for flag in unit.flags if flag not in left_out]
        source = f"{PROJECT}/{unit.source}"
        argv = [dialect.cpp if unit.cpp else dialect.c, *flags, *dialect.plain, *further, source]
        script = ("/bin/sh", "-c", f'"$@" || exit $?\n{then}', "sh") if then else ()
        finished = place.run((*script, *argv), unit.directory)
        unknown = [name for name in _UNKNOWN.findall(finished.stderr.decode("utf-8", "replace")) if name in flags]
        if finished.ok or not unknown:
            break
        left_out += unknown
    return finished, tuple(left_out)


def missing(dialect: Dialect) -> str:
    """That a compiler is not there, and what brings it."""
    return f"{dialect.name} is not installed in the sandbox (Debian: `apt-get install {dialect.package}`)"


def _asked(place: Place, unit: Unit, dialect: Dialect) -> Answer:
    finished, left_out = compiled(place, unit, dialect, (*dialect.remarks, "-c", "-o", "/dev/null"))
    text = finished.stderr.decode("utf-8", "replace")
    if finished.exit_code == NOT_FOUND:
        return Answer(dialect=dialect, problem=missing(dialect))
    if "_Z" in text:
        readable = place.run(("c++filt",), unit.directory, stdin=text.encode())
        text = readable.stdout.decode("utf-8", "replace") if readable.ok else text
    said = diagnostics(text, unit.directory)
    if not finished.ok:
        problem = f"{dialect.name} does not compile {unit.source}: {_reason(finished, said)}"
        return Answer(dialect=dialect, problem=problem, diagnostics=said, left_out=left_out)
    return Answer(
        dialect=dialect,
        diagnostics=said,
        remarks=merged(remarks(dialect, text, unit.directory)),
        left_out=left_out,
    )


def _reason(finished: Finished, said: Sequence[Diagnostic]) -> str:
    errors = [one for one in said if "error" in one.kind]
    if errors:
        return f"{errors[0].path}:{errors[0].line}: {errors[0].text}"
    return finished.tail(2) or f"it was ended ({finished.ended.value})"
