"""The probes of time: a glance, then a confirmation on fresh pairs that is held to its reserved level."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import chain, islice

from agent.bench import Bench
from agent.evidence import Guard, Timed
from tools.equivalence.behaviour import outputs_agree
from tools.measure import procedure
from tools.measure.batches import Plan
from tools.measure.pairs import Clock, Pair
from tools.measure.procedure import Finding
from tools.measure.sampler import CandidateBroke, CandidateCheated, OutputsDiffer, ReferenceBroke, Sampler
from tools.workload.session import TargetFailed

CONFIRM_SEED = 1 << 40
"""Keeps a confirmation's pairs apart from the screening's."""


def screen(bench: Bench) -> Timed:
    """A glance: is a confirmation worth its share of alpha?"""
    if not bench.timed:
        return _empty(bench, "screen", "undecided", "no workload at hand reaches the change")
    goal = bench.job.goal

    def decide(pairs: Iterator[Pair], clock: Clock, _: Sampler) -> Finding:
        return procedure.screen(pairs, clock, min_gain=goal.min_gain, hoped=goal.hoped_gain)

    return _measure(bench, "screen", bench.seed, procedure.SCREEN_PAIRS, decide)


def confirm(bench: Bench) -> Timed:
    """For certain: fresh pairs, at the level reserved for this confirmation before it began."""
    goal = bench.job.goal
    alpha = procedure.alpha_of(bench.kit.journal.reserve_confirmation())

    inputs_each = min(
        group.items if plan.fresh else procedure.LEAST_INPUTS for plan in bench.timed for group in plan.groups
    )

    def decide(pairs: Iterator[Pair], clock: Clock, sampler: Sampler) -> Finding:
        return procedure.confirm(
            pairs,
            clock,
            min_gain=goal.min_gain,
            alpha=alpha,
            hoped=goal.hoped_gain,
            inputs_each=inputs_each,
            again=sampler.again,
        )

    return _measure(bench, "confirm", bench.seed ^ CONFIRM_SEED, procedure.CONFIRM_PAIRS, decide)


def _measure(
    bench: Bench, stage: str, seed: int, most: int, decide: Callable[[Iterator[Pair], Clock, Sampler], Finding]
) -> Timed:
    """Take pairs until `decide` has seen enough; every raw pair is kept as a blob."""
    sampler = sampler_of(bench, bench.timed)

    def told(count: int) -> None:
        bench.kit.progress.candidate(bench.candidate, f"{stage}: pair {count}/{most}")

    try:
        pairs = sampler.pairs(seed, told)
        first = list(islice(pairs, 1))
        finding = decide(chain(first, pairs), procedure.clock_for(first), sampler)
    except OutputsDiffer as error:
        return _empty(bench, stage, "different", str(error))
    except CandidateCheated as error:
        return _empty(bench, stage, "cheated", str(error))
    except CandidateBroke as error:
        return _empty(bench, stage, "broken", str(error).splitlines()[0])
    except (ReferenceBroke, TargetFailed) as error:
        detail = f"the unchanged code fails on some of the fresh inputs: {str(error).splitlines()[0]}"
        return _empty(bench, stage, "undecided", detail)
    return Timed(
        stage=stage,
        decision=str(finding.decision),
        detail=finding.detail,
        speedup=finding.speedup,
        clock=finding.clock,
        workload=names(bench.timed),
        fresh=all(plan.fresh for plan in bench.timed),
        guards=tuple(Guard(**asdict(guard)) for guard in finding.guards),
        alpha=finding.alpha,
        samples=bench.kit.blobs.put(json.dumps([asdict(pair) for pair in finding.pairs]).encode()),
        caveats=caveats(bench.timed),
    )


def sampler_of(bench: Bench, timed: tuple[Plan, ...]) -> Sampler:
    """Pairs of the bench's two sides on these workloads."""
    tolerance = bench.baseline.recipe.float_tolerance
    plans = tuple(replace(plan, lenient=plan.lenient or tolerance > 0) for plan in timed)
    return Sampler(
        reference=bench.reference,
        candidate=bench.challenger,
        plans=plans,
        cores=bench.kit.cores,
        agree=lambda plan, one, other: outputs_agree(bench.reference, plan.workload, one, other, tolerance),
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
