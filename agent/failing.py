"""Failures of tests as data: where, which error, what it said, and whether the unchanged code fails there too."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from tools.recipe.environment import PROJECT
from tools.testreport import BAD, Baseline, TestCase, TestReport

_PLACE = re.compile(r"(?P<path>[^:\n]+):(?P<line>\d+): (?P<rest>.*)", re.DOTALL)
_ERROR = re.compile(r"(?P<error>[A-Za-z_][\w.]*?(?:Error|Exception|Warning|Exit|Interrupt|Failed|NotFound))\b:? ?")
MOST_MESSAGE_CHARACTERS = 1200


@dataclass(frozen=True, kw_only=True)
class FailedTest:
    """One test, or one file that cannot be imported, that went wrong."""

    test: str
    """As pytest names it; of a file that cannot be imported, its path."""
    outcome: str
    """`failed`, `error` (in set-up or tear-down), `unimportable`, `hangs` or `ends the run`."""
    where: str
    """`path:line`; empty where it is not known."""
    error: str
    """The exception's name, such as `AssertionError`; empty where it is not known."""
    message: str
    """What it said, shortened."""
    trace: str = ""
    """The frames it went through, the outermost first, `path:line: source` each; of others' code the last one alone."""
    unchanged_too: bool = False
    """The unchanged code fails here as well."""


def failures_of(report: TestReport, suite: Baseline) -> tuple[FailedTest, ...]:
    """Everything that failed in a run, in its order: files first, what ended the run last."""
    files = {failure.id for failure in suite.unimportable}
    found = [_of_file(one.id, one.message, one.id in files) for one in report.import_failures]
    found += [_of_case(case, suite.failing) for case in report.cases if case.outcome in BAD]
    if report.stopper is not None:
        outcome = "hangs" if report.stopper.why.startswith("hangs") else "ends the run"
        found.append(
            FailedTest(test=report.stopper.id, outcome=outcome, where="", error="", message=report.stopper.why)
        )
    return tuple(found)


def _of_case(case: TestCase, failing: Collection[str]) -> FailedTest:
    where, error, message = _read(case.message)
    return FailedTest(
        test=case.id,
        outcome=case.outcome,
        where=where,
        error=error,
        message=message,
        trace=_frames(case.trace),
        unchanged_too=case.id in failing,
    )


def _of_file(path: str, text: str, unchanged_too: bool) -> FailedTest:
    said = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")] or text.splitlines()
    last = next((line for line in reversed(said) if line.strip()), "")
    places = re.findall(rf"(?:{PROJECT}/)?([\w./-]+\.py):(\d+)", text)
    where = ":".join(places[-1]) if places else ""
    if inside := re.search(rf'File "{PROJECT}/([^"]+)", line (\d+)', text):
        where = f"{inside[1]}:{inside[2]}"
    error = _ERROR.match(last)
    return FailedTest(
        test=path or "the project's folder",
        outcome="unimportable",
        where=where,
        error=error["error"] if error else "",
        message=last[:MOST_MESSAGE_CHARACTERS],
        unchanged_too=unchanged_too,
    )


def _read(message: str) -> tuple[str, str, str]:
    """(place, the exception's name, the rest) of a failure's heart, `path:line: error: text`."""
    where, rest = "", message
    if found := _PLACE.match(message):
        where, rest = f"{_inside(found['path'])}:{found['line']}", found["rest"]
    error = _ERROR.match(rest)
    name = error["error"] if error else "AssertionError" if rest.startswith("assert ") else ""
    text = rest[error.end() :] if error else rest
    return where, name, text[:MOST_MESSAGE_CHARACTERS].strip()


def _frames(trace: str) -> str:
    """Frames of the project's own code, and the innermost one wherever it is."""
    lines = trace.splitlines()
    kept = [line for number, line in enumerate(lines) if number == len(lines) - 1 or _is_own(line)]
    return "\n".join(_inside(line) for line in kept)


def _is_own(line: str) -> bool:
    path = line.partition(":")[0]
    return line == "..." or path.startswith(f"{PROJECT}/") or not path.startswith("/")


def _inside(path: str) -> str:
    return path.removeprefix(f"{PROJECT}/")
