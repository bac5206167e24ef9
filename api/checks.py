"""The questions that were asked of a candidate, each with its answer, from the evidence."""

from collections.abc import Iterable

from agent.evidence import (
    Application,
    Build,
    Compared,
    Counted,
    Evidence,
    Glanced,
    Hints,
    Sighting,
    Tested,
    Timed,
    Touches,
)
from agent.judge import FEWER, instructions
from api.judgement import CheckPart


def checks_of(evidence: Iterable[Evidence]) -> tuple[CheckPart, ...]:
    """One check a question, in the order they were asked."""
    return tuple(check for seen in evidence for check in _checks(seen))


def _checks(seen: Evidence) -> list[CheckPart]:
    match seen:
        case Touches():
            return [
                _check(seen.probe, not seen.forbidden, ", ".join(seen.forbidden) or "only code that may be changed")
            ]
        case Sighting():
            same = {None: "it differs from all before", 0: "it is the unchanged code"}
            return [_check(seen.probe, seen.same_as is None, same.get(seen.same_as, f"it is candidate {seen.same_as}"))]
        case Application():
            return [_check(seen.probe, seen.problem is None, seen.problem or "it fits the snapshot")]
        case Build():
            return [_check(seen.probe, seen.problem is None, seen.problem or "what it changes compiles and imports")]
        case Hints():
            found = "; ".join(f"{hint.path}:{hint.line} {hint.rule}" for hint in seen.found)
            return [_check(seen.probe, not seen.found, found or "nothing that honest changes do without")]
        case Tested():
            return [
                _check(f"{seen.probe} ({seen.scope})", not seen.problems, "; ".join(seen.problems) or _tested(seen))
            ]
        case Glanced():
            against = seen.cheat or seen.difference
            return [_check(seen.probe, not against, against or f"the same on the first {seen.cases} inputs")]
        case Compared():
            return [_compared(seen)]
        case Timed():
            return _timed(seen)
        case Counted():
            return _counted(seen)


def _tested(seen: Tested) -> str:
    aside = f", {seen.flaky} flaky set aside" if seen.flaky else ""
    return f"{seen.passed} passed{aside}, under {len(seen.hash_seeds)} hash seed{'s' * (len(seen.hash_seeds) != 1)}"


def _compared(seen: Compared) -> CheckPart:
    against = seen.cheat or seen.difference
    if not against and seen.not_reached:
        against = f"no input reaches what changed in {', '.join(seen.not_reached)}"
    if not against and seen.never_timed:
        against = "the workload runs none of the changed lines"
    against = against or seen.unproven
    if not against and not seen.cases:
        against = "there was no input to compare on"
    return _check(seen.probe, not against, against or f"the same on {seen.cases} inputs, {seen.fresh} of them fresh")


def _timed(seen: Timed) -> list[CheckPart]:
    faster = _check(f"{seen.probe} ({seen.stage})", seen.decision == "faster", f"{seen.detail} ({seen.workload})")
    return [faster, *(_check(guard.name, guard.passed, guard.detail) for guard in seen.guards)]


def _counted(seen: Counted) -> list[CheckPart]:
    """No check where nothing was counted because nothing needed to be."""
    if seen.change is None:
        return []
    passed = not seen.undecided or seen.change <= -FEWER
    return [_check(seen.probe, passed, f"{instructions(seen.change)} ({seen.tool}, {seen.workload})")]


def _check(name: str, passed: bool, detail: str) -> CheckPart:
    return CheckPart(name=name, passed=passed, detail=detail)
