"""What a failed step of a build means for the person who asked for it."""

import re

from tools.errors import HastenError, InfrastructureError, UserError
from tools.sandbox.contract import Ended, Finished

UNREACHABLE = re.compile(
    r"error sending request|dns error|failed to lookup address|connection refused|network is unreachable|"
    r"operation timed out|invalid peer certificate|tcp connect error",
    re.IGNORECASE,
)
NOT_THERE = r"(?:: command not found|: not found|' failed: No such file)"
MISSING_PROGRAMS = {
    r"(?:command|execute) '?\S*(?:gcc|g\+\+|clang|cc|c\+\+)'?(?: failed)?: No such file|"
    r"No such file or directory: '\S*(?:gcc|g\+\+|clang|cc|c\+\+)'|"
    r"Unknown compiler\(s\)|No CMAKE_C_COMPILER|C compiler cannot (?:be found|create)": "a C compiler "
    "(`apt install gcc`)",
    r"Python\.h: No such file": "Python's headers (`apt install python3-dev`)",
    r"fatal error: (?P<header>[\w/.+-]+\.h): No such file": "a C header, {header}",
    r"can't find Rust compiler|(?:cargo|rustc)(?:`|'|\")?:? (?:not found|is not installed)|"
    r"Rust not found|Cargo, the Rust package manager, is not installed": "the Rust compiler (`apt install cargo`)",
    r"(?:gfortran|Fortran compiler).*(?:not found|No such file)|Unknown compiler.*gfortran": "a Fortran compiler "
    "(`apt install gfortran`)",
    rf"(?:^|\s)(?P<tool>cmake|ninja|swig|make|pkg-config){NOT_THERE}": "`{tool}`",
}
"""What a compiler that is not there makes builds say, and what to install."""
UNRESOLVABLE = re.compile(
    r"Because (?P<why>(?:there (?:is|are) no versions? of|.{0,80} was not found in the package registry|only ).*)",
    re.DOTALL,
)


def failure(source: str, words: str, finished: Finished, remedy: str, most_s: float) -> HastenError:
    """The error for a step that failed: the command, why in words where its output says so, and what to do."""
    tail = finished.tail(20)
    if UNREACHABLE.search(tail):
        return InfrastructureError(
            f"The package index could not be reached by `{words}`: {last_line(finished)}", retryable=True
        )
    missing = missing_program(finished.tail(200))
    if missing is not None:
        return UserError(
            f"Setting up {source} failed at `{words}`: this machine lacks {missing}, which the build needs; "
            "install it and run again.",
            status=422,
            detail=tail,
        )
    ends = {Ended.TIMEOUT: f" after {most_s:.0f} s", Ended.MEMORY: " for want of memory"}
    why = unresolvable(tail)
    return UserError(
        f"Setting up {source} failed{ends.get(finished.ended, '')} at `{words}`{f': {why}' if why else ''}; "
        f"{remedy} in hasten.toml.",
        status=422,
        detail=tail,
    )


def missing_program(output: str) -> str | None:
    """The compiler or the like that a build could not find, in words; None where its output names none."""
    for pattern, words in MISSING_PROGRAMS.items():
        found = re.search(pattern, output, re.MULTILINE)
        if found is not None:
            return words.format(**{name: value for name, value in found.groupdict().items() if value})
    return None


def unresolvable(output: str) -> str | None:
    """Why the requirements cannot all be met, in the resolver's words; None where that is not what failed."""
    found = UNRESOLVABLE.search(output)
    if found is None:
        return None
    return re.split(
        r"\s+(?:and you\s+require|we can conclude|And because|and because)\b", " ".join(found["why"].split())
    )[0].rstrip(".,")


def last_line(finished: Finished) -> str:
    """The line that says most: the last that names an error, else the last."""
    lines = finished.tail(60).splitlines() or ["It printed nothing."]
    errors = [line for line in lines if re.search(r"error|×|failed", line, re.IGNORECASE)]
    return (errors or lines)[-1].strip()
