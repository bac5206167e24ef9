"""The verdict: a pure function of what was seen. No I/O, no clock, no randomness.

Evidence is read in the order it came. The first piece that rules a candidate out decides; a candidate is kept only
when every kind of evidence stands there and none speaks against it.
"""

from collections.abc import Sequence

from agent.domain import Outcome, Verdict
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
from tools.measure.estimate import Estimate
from tools.measure.guards import UNDER_OTHER_NAMES

HASH_SEEDS = 3
"""Impacted tests must pass under this many hash seeds before anything is kept."""
FEWER = 0.005
"""What a screening could not tell apart must execute fewer instructions by at least this share to be confirmed: the
unchanged code counts the same every time, and a gain of 2 % in time that saves fewer is seldom one of the code."""


def judge(evidence: Sequence[Evidence]) -> Verdict | None:
    """The verdict on one candidate, or None while nothing is decided yet."""
    for seen in _in_order(evidence):
        if verdict := _against(seen):
            return verdict
    if verdict := _on_tests_alone(evidence):
        return verdict
    return _for(evidence)


def _in_order(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """As it came, but for a screening that does not decide alone: it counts after behaviour is compared whole.

    At once it speaks only against cheats and against what certainly ran and is no faster; of whatever else it met, the
    comparison shows better why.
    """
    unreached = any(isinstance(seen, Glanced) and seen.unreached for seen in evidence)
    waiting = [seen for seen in evidence if isinstance(seen, Timed) and _waits(seen, unreached)]
    others = [seen for seen in evidence if seen not in waiting]
    return [*others, *waiting] if any(isinstance(seen, Compared) for seen in evidence) else others


def _waits(seen: Timed, unreached: bool) -> bool:
    decides = seen.decision == "cheated" or (seen.decision == "not faster" and not unreached)
    return seen.stage == "screen" and not decides


def _against(seen: Evidence) -> Verdict | None:
    """What rules the candidate out, where one piece of evidence alone does."""
    match seen:
        case Touches(forbidden=[first, *_]):
            return _no(Outcome.OFF_LIMITS, f"it changes what no candidate may change: {first}")
        case Sighting(same_as=int(number)):
            what = "the unchanged code" if number == 0 else f"candidate {number}"
            return _no(Outcome.DUPLICATE, f"it is the same code as {what}, but for names, comments and layout")
        case Application(problem=str(problem)):
            return _no(Outcome.DOES_NOT_APPLY, problem)
        case Build(problem=str(problem)):
            return _no(Outcome.BUILD_FAILED, problem)
        case Hints(found=[first, *_]):
            return _no(Outcome.CHEATED, f"{first.path}:{first.line} {first.rule}: `{first.text}`")
        case Tested(cheat=str(cheat)):
            return _no(Outcome.CHEATED, f"while its tests ran {cheat}")
        case Tested(problems=[first, *rest]):
            more = f" (and {len(rest)} more)" if rest else ""
            return _no(Outcome.TESTS_FAILED, f"{first}{more}")
        case Glanced(cheat=str(cheat)):
            return _no(Outcome.CHEATED, cheat)
        case Glanced(difference=str(difference)):
            return _no(Outcome.NOT_EQUIVALENT, difference)
        case Compared():
            return _against_behaviour(seen)
        case Timed():
            return _against_time(seen)
        case Counted(undecided=True, change=float(change)) if change > -FEWER:
            reason = f"no clear gain in time, and it executes {instructions(change)} ({seen.workload})"
            return _no(Outcome.NOT_FASTER, reason)
    return None


def _on_tests_alone(evidence: Sequence[Evidence]) -> Verdict | None:
    """A gain on the tests ends with the screening: it may be real, but nothing shows that behaviour is the same."""
    why = next((seen.tests_only for seen in evidence if isinstance(seen, Compared) and seen.tests_only), None)
    if why is None or not any(isinstance(seen, Timed) for seen in evidence):
        return None
    reason = f"it may be faster, but only tests reach it and they compare too little: {why}; `hasten workload` helps"
    return _no(Outcome.INCONCLUSIVE, reason)


def _against_behaviour(seen: Compared) -> Verdict | None:
    if seen.cheat:
        return _no(Outcome.CHEATED, seen.cheat)
    if seen.difference:
        return _no(Outcome.NOT_EQUIVALENT, seen.difference)
    if seen.not_reached:
        names = ", ".join(seen.not_reached[:3])
        return _no(Outcome.INCONCLUSIVE, f"no input at hand reaches what changed in {names}")
    if seen.never_timed:
        return _no(Outcome.INCONCLUSIVE, "the workload that it is timed on runs none of the lines that it changes")
    if seen.unproven:
        return _no(Outcome.INCONCLUSIVE, seen.unproven)
    if seen.cases == 0:
        return _no(Outcome.INCONCLUSIVE, "no input at hand gives the same result twice on the unchanged code")
    return None


def _against_time(seen: Timed) -> Verdict | None:
    if seen.decision == "different":
        return _no(Outcome.NOT_EQUIVALENT, f"while it was timed: {seen.detail}")
    if seen.decision == "cheated":
        return _no(Outcome.CHEATED, f"while it was timed {seen.detail}")
    if seen.decision == "broken":
        return _no(Outcome.NOT_EQUIVALENT, f"while it was timed its process {seen.detail}")
    failed = [guard for guard in seen.guards if not guard.passed]
    if moved := [guard for guard in failed if guard.name == "outside the window"]:
        return _no(Outcome.CHEATED, f"what it saves in the calls it spends outside of them: {moved[0].detail}")
    if hidden := [guard for guard in failed if guard.name == UNDER_OTHER_NAMES]:
        return _no(Outcome.CHEATED, f"it is fast only where the harness is: {hidden[0].detail}")
    if seen.decision == "not faster":
        worse = seen.speedup is not None and seen.speedup.high < 1
        outcome = Outcome.REGRESSED if worse and seen.stage == "confirm" else Outcome.NOT_FASTER
        return Verdict(outcome=outcome, reason=f"{seen.detail} ({seen.workload})", speedup=_reported(seen))
    if failed:
        first = failed[0]
        return Verdict(outcome=Outcome.REGRESSED, reason=f"{first.name}: {first.detail}", speedup=_reported(seen))
    if seen.decision == "undecided":
        return Verdict(outcome=Outcome.INCONCLUSIVE, reason=f"{seen.detail} ({seen.workload})", speedup=_reported(seen))
    return None


def _for(evidence: Sequence[Evidence]) -> Verdict | None:
    """KEPT, where nothing is missing."""
    kinds = {type(seen) for seen in evidence}
    confirmed = [seen for seen in evidence if isinstance(seen, Timed) and seen.stage == "confirm"]
    hash_seeds = {seed for seen in evidence if isinstance(seen, Tested) for seed in seen.hash_seeds}
    if not confirmed or len(hash_seeds) < HASH_SEEDS or not kinds >= _ALL:
        return None
    timed = confirmed[-1]
    return Verdict(
        outcome=Outcome.KEPT,
        reason=f"{timed.speedup} on {timed.workload}: {timed.detail}",
        speedup=timed.speedup,
        caveats=_caveats(evidence),
    )


def instructions(change: float) -> str:
    """A change of the number of instructions, in words."""
    if abs(change) < FEWER:
        return f"about as many instructions ({change:+.2%})"
    return f"{abs(change):.1%} {'more' if change > 0 else 'fewer'} instructions"


def _caveats(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    caveats: list[str] = []
    for seen in evidence:
        if isinstance(seen, Compared | Timed):
            caveats.extend(seen.caveats)
        if (isinstance(seen, Hints) and seen.caches) or (isinstance(seen, Timed) and seen.keeps_results):
            caveats.append("cache: it keeps results between calls; mind its memory and what could make them stale")
        if isinstance(seen, Tested) and seen.scope == "sample":
            caveats.append("the test suite is over its time budget: impacted tests and a sample of the others ran")
    if apart := max((seen.deviation for seen in evidence if isinstance(seen, Compared | Timed)), default=0.0):
        caveats.append(f"floats are not what they were, within the project's float-tolerance: up to {apart:.1e} apart")
    return tuple(dict.fromkeys(caveats))


def _reported(seen: Timed) -> Estimate | None:
    """A screening's estimate is never reported as a gain."""
    return seen.speedup if seen.stage == "confirm" else None


def _no(outcome: Outcome, reason: str) -> Verdict:
    return Verdict(outcome=outcome, reason=reason)


_ALL = {Touches, Sighting, Application, Build, Hints, Tested, Compared, Timed}
