"""The probes of time: a glance, then a confirmation on fresh pairs that is held to its reserved level."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice

from agent.bench import Bench
from agent.domain import Origin
from agent.evidence import Guard, Hints, Timed
from tools.equivalence.behaviour import outputs_agree
from tools.equivalence.compare import Deviation
from tools.measure import procedure
from tools.measure.batches import Plan
from tools.measure.elsewhere import look_elsewhere
from tools.measure.guards import UNDER_OTHER_NAMES, GuardResult
from tools.measure.pairs import Clock, Pair
from tools.measure.procedure import Finding
from tools.measure.remembering import keeps_results
from tools.measure.sampler import CandidateBroke, CandidateCheated, OutputsDiffer, ReferenceBroke, Sampler
from tools.workload.session import TargetFailed

CONFIRM_SEED = 1 << 40
"""Keeps a confirmation's pairs apart from the screening's."""
REPEAT_SEED = 1 << 42
DISTINCT_LEAST_S = 0.002
CONFIRM_SHARE, FINISH_SHARE = 0.5, 1.0
"""Of the job's time budget: the longest confirmation of a candidate, and of what is to be delivered."""


def screen(bench: Bench) -> Timed:
    """A glance: is a confirmation worth its share of alpha?"""
    if not bench.timed:
        return _empty(bench, "screen", "undecided", "no workload at hand reaches the change")
    goal = bench.baseline.goal

    def decide(pairs: Iterator[Pair], clock: Clock, _: Sampler) -> Finding:
        return procedure.screen(pairs, clock, min_gain=goal.min_gain, hoped=goal.hoped_gain)

    return _measure(bench, _Stage("screen", bench.timed, bench.seed, procedure.SCREEN_PAIRS), decide)


def confirm(bench: Bench) -> Timed:
    """For certain: fresh pairs, at the level reserved for this confirmation before it began."""
    goal = bench.baseline.goal
    alpha = procedure.alpha_of(bench.kit.journal.reserve_confirmation())
    keeps = _keeps_results(bench)
    plans = tuple(replace(plan, distinct=True) for plan in bench.timed) if keeps else bench.timed
    inputs_each = min(group.items if plan.fresh else procedure.LEAST_INPUTS for plan in plans for group in plan.groups)

    def confirmed(pairs: Iterator[Pair], clock: Clock, sampler: Sampler) -> Finding:
        return procedure.confirm(
            in_time(pairs, bench),
            clock,
            min_gain=goal.min_gain,
            alpha=alpha,
            hoped=goal.hoped_gain,
            inputs_each=inputs_each,
            screened=() if keeps else bench.screened,
            again=sampler.again,
        )

    def decide(pairs: Iterator[Pair], clock: Clock, sampler: Sampler) -> Finding:
        return _seen_elsewhere(confirmed(pairs, clock, sampler), sampler)

    stage = _Stage("confirm", plans, bench.seed ^ CONFIRM_SEED, procedure.CONFIRM_PAIRS)
    found = _measure(bench, stage, decide)
    if not keeps:
        return found
    return replace(found, keeps_results=True, detail=f"{found.detail}, no input given twice, for it keeps results")


def in_time(pairs: Iterator[Pair], bench: Bench) -> Iterator[Pair]:
    """The pairs that there is time for: on a crowded host one may take many seconds."""
    ledger = bench.kit.ledger
    share = FINISH_SHARE if bench.candidate.origin is Origin.FINISH else CONFIRM_SHARE
    end_s = ledger.spend.wall_s + share * ledger.budget.wall_s
    for pair in pairs:
        yield pair
        if ledger.spend.wall_s > end_s:
            return


def _seen_elsewhere(found: Finding, sampler: Sampler) -> Finding:
    """What would be kept, with one more guard: whether it gains under other names too."""
    if found.decision is not procedure.Decision.FASTER or not all(guard.passed for guard in found.guards):
        return found
    elsewhere = look_elsewhere(sampler, found.pairs, found.clock)
    if elsewhere is None:
        unseen = GuardResult(name=UNDER_OTHER_NAMES, passed=True, detail="the workload cannot be run so: not looked at")
        return replace(found, guards=(*found.guards, unseen))
    if elsewhere.guard is None:
        detail = f"whether it gains in processes that look otherwise is not clear: {elsewhere.detail}"
        return replace(found, decision=procedure.Decision.UNDECIDED, detail=detail)
    return replace(found, guards=(*found.guards, elsewhere.guard))


def _keeps_results(bench: Bench) -> bool:
    """Whether the candidate, and not its parent, is quicker on inputs that it has met; by its text, where there is too
    little to time."""
    by_text = any(seen.caches for seen in bench.seen if isinstance(seen, Hints))
    try:
        for plan in bench.timed:
            found = keeps_results(
                bench.reference, bench.challenger, plan, bench.kit.cores, seed=bench.seed ^ REPEAT_SEED
            )
            if found or (found is None and by_text):
                return True
        return False
    except TargetFailed:
        return False  # what fails on fresh inputs fails again while it is timed, and that is said


@dataclass(frozen=True)
class _Stage:
    """What is measured at one stage."""

    name: str
    plans: tuple[Plan, ...]
    seed: int
    most_pairs: int


def _measure(bench: Bench, stage: _Stage, decide: Callable[[Iterator[Pair], Clock, Sampler], Finding]) -> Timed:
    """Take pairs until `decide` has seen enough; every raw pair is kept as a blob."""
    deviation = Deviation()
    sampler = sampler_of(bench, stage.plans, deviation)

    def told(count: int) -> None:
        bench.kit.progress.candidate(bench.candidate, f"{stage.name}: pair {count}/{stage.most_pairs}")

    try:
        pairs = sampler.pairs(stage.seed, told)
        first = list(islice(pairs, procedure.CLOCK_PAIRS))
        if short := _too_short(first, stage.plans):
            return _empty(bench, stage.name, "undecided", short)
        finding = decide(chain(first, pairs), procedure.clock_for([*bench.screened, *first]), sampler)
    except OutputsDiffer as error:
        return _empty(bench, stage.name, "different", str(error))
    except CandidateCheated as error:
        return _empty(bench, stage.name, "cheated", str(error))
    except CandidateBroke as error:
        return _empty(bench, stage.name, "broken", str(error).splitlines()[0])
    except (ReferenceBroke, TargetFailed) as error:
        detail = f"the unchanged code fails on some of the fresh inputs: {str(error).splitlines()[0]}"
        return _empty(bench, stage.name, "undecided", detail)
    if stage.name == "screen":
        bench.screened[:] = finding.pairs
    return Timed(
        stage=stage.name,
        decision=str(finding.decision),
        detail=finding.detail,
        speedup=finding.speedup,
        clock=finding.clock,
        workload=names(stage.plans),
        fresh=all(plan.fresh for plan in stage.plans),
        guards=tuple(Guard(**asdict(guard)) for guard in finding.guards),
        alpha=finding.alpha,
        samples=bench.kit.blobs.put(json.dumps([asdict(pair) for pair in finding.pairs]).encode()),
        deviation=deviation.largest,
        caveats=caveats(stage.plans),
    )


def _too_short(pairs: list[Pair], plans: tuple[Plan, ...]) -> str | None:
    """Why batches without repeated inputs cannot be timed, where they cannot."""
    if not any(plan.distinct for plan in plans):
        return None
    shortest_s = min(window.wall_s for pair in pairs for window in pair.reference.windows.values())
    if shortest_s >= DISTINCT_LEAST_S:
        return None
    return (
        "it keeps results between calls, and without repeating inputs there is too little work to time "
        f"({shortest_s * 1e3:.1f} ms); give a workload file"
    )


def sampler_of(bench: Bench, timed: tuple[Plan, ...], deviation: Deviation | None = None) -> Sampler:
    """Pairs of the bench's two sides on these workloads; `deviation` is told what the float tolerance lets pass."""
    met = deviation or Deviation()
    tolerance = bench.baseline.recipe.float_tolerance
    plans = tuple(replace(plan, lenient=plan.lenient or tolerance > 0) for plan in timed)
    return Sampler(
        reference=bench.reference,
        candidate=bench.challenger,
        plans=plans,
        cores=bench.kit.cores,
        agree=lambda plan, one, other: outputs_agree(bench.reference, plan.workload, one, other, tolerance, met),
    )


def names(plans: tuple[Plan, ...]) -> str:
    """What was measured, in words."""
    return ", ".join(plan.workload.name for plan in plans)


def caveats(plans: tuple[Plan, ...]) -> tuple[str, ...]:
    """What a reader should know of how it was measured."""
    return tuple(dict.fromkeys(caveat for plan in plans for caveat in plan.caveats))


def _empty(bench: Bench, stage: str, decision: str, detail: str) -> Timed:
    return Timed(
        stage=stage,
        decision=decision,
        detail=detail,
        speedup=None,
        clock="cpu",
        workload=names(bench.timed) or "none",
        fresh=False,
    )
