"""What was measured and run of one candidate, in numbers and in the words of tests: ECCO's feedback from execution."""

from collections.abc import Iterator

from agent.evidence import Application, Build, Compared, Counted, Evidence, Glanced, Hints, Sighting, Tested, Timed
from agent.evidence import Touches as Touched
from agent.judge import instructions
from agent.prompts.fence import fenced
from agent.protocols import Entry

MOST_PROBLEMS = 3
MOST_OF_ONE = 900
"""Characters of one message of a test or one counter-example."""


def from_execution(entry: Entry) -> str:
    """The evidence against and for a candidate, a line each, fenced: parts of it are the repository's own words."""
    lines = [line for seen in entry.evidence for line in _lines(seen)]
    lines += [f"caveat: {caveat}" for caveat in entry.verdict.caveats]
    return fenced("\n".join(lines), "text") if lines else ""


def _lines(seen: Evidence) -> Iterator[str]:
    match seen:
        case Touched(forbidden=paths):
            yield from (f"off limits: {path}" for path in paths)
        case Sighting(same_as=int(number)):
            yield f"the same code as {'the unchanged code' if number == 0 else f'attempt {number}'}"
        case Application(problem=str(problem)):
            yield f"does not apply: {_cut(problem)}"
        case Build(problem=str(problem)):
            yield f"build: {_cut(problem)}"
        case Hints(found=found):
            yield from (f"not honest: {one.path}:{one.line} {one.rule}: {one.text}" for one in found[:MOST_PROBLEMS])
        case Tested():
            yield from _of_tests(seen)
        case Glanced(cases=cases, difference=difference, cheat=cheat):
            if difference or cheat:
                yield f"behaviour at a glance, {cases} inputs: {_cut(difference or cheat or '')}"
        case Compared():
            yield from _of_behaviour(seen)
        case Timed():
            yield from _of_time(seen)
        case Counted(before=int(before), after=int(after), change=float(change)):
            yield f"instructions ({seen.tool}): {before:,} before, {after:,} now: {instructions(change)}"


def _of_tests(seen: Tested) -> Iterator[str]:
    yield f"tests ({seen.scope}): {seen.passed} passed, {seen.failed} failed"
    if seen.cheat:
        yield f"while the tests ran {seen.cheat}"
    yield from (f"  {_cut(problem)}" for problem in seen.problems[:MOST_PROBLEMS])
    if len(seen.problems) > MOST_PROBLEMS:
        yield f"  and {len(seen.problems) - MOST_PROBLEMS} more problems"


def _of_behaviour(seen: Compared) -> Iterator[str]:
    if seen.difference or seen.cheat:
        yield f"behaviour: {_cut(seen.difference or seen.cheat or '')}"
    elif seen.not_reached:
        yield f"behaviour: no input reaches what changed in {', '.join(seen.not_reached[:3])}"
    elif seen.never_timed:
        yield "behaviour: what is timed runs none of the changed lines"
    elif seen.unproven or seen.tests_only:
        yield f"behaviour: {_cut(seen.unproven or seen.tests_only or '')}"
    else:
        yield f"behaviour: the same on {seen.cases} inputs, {seen.fresh} of them fresh"


def _of_time(seen: Timed) -> Iterator[str]:
    what = "time at a glance" if seen.stage == "screen" else "time"
    gain = f"{seen.speedup}, " if seen.speedup else ""
    pairs = f" ({seen.speedup.pairs} pairs, {seen.clock} time)" if seen.speedup else ""
    yield f"{what}: {gain}{seen.decision}: {_cut(seen.detail)}, on {seen.workload}{pairs}"
    yield from (f"  guard failed: {guard.name}: {guard.detail}" for guard in seen.guards if not guard.passed)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_OF_ONE else f"{text[: MOST_OF_ONE - 200]} … {text[-200:]}"
