"""The A/A check: the unchanged code against itself. A host that sees a gain there may not judge."""

import math
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Job, Step, StepKind
from agent.kit import Kit
from agent.probes.timing import names, sampler_of
from agent.protocols import Journal
from tools.measure.batches import Plan
from tools.measure.calibrate import PAIRS, Calibration, calibrate_pairs
from tools.measure.sampler import CandidateBroke, CandidateCheated, OutputsDiffer, ReferenceBroke

MOST_TRIED = 5
"""Workloads that it is tried on where the first ones do not repeat themselves."""


LASTS = timedelta(days=1)
"""How long an A/A run speaks for its host."""


def calibrate(job: Job, baseline: Baseline, plans: Plans, kit: Kit) -> str | None:
    """Measure the unchanged code against itself; why nothing may be judged here, None where all is well.

    A job that goes on takes what it has measured on this host within a day.
    """
    if known := _known(kit):
        return _problem(known)
    kit.progress.phase("calibration")
    bench = Bench(kit=kit, job=job, baseline=baseline, parent=UNCHANGED, candidate=UNCHANGED, plans=plans)
    choices = iter([bench.timed]) if baseline.named else ((plan,) for plan in bench.recorded())
    problem = None
    for timed in islice(filter(None, choices), MOST_TRIED):
        try:
            found = _measured(bench, timed)
        except (OutputsDiffer, CandidateCheated, CandidateBroke, ReferenceBroke) as error:
            # On other inputs than those that it was sized on; another workload may serve.
            problem = problem or f"the unchanged code does not repeat itself: {error}"
        else:
            return _told(found, timed, kit)
    return problem


def _measured(bench: Bench, timed: tuple[Plan, ...]) -> Calibration:
    progress = bench.kit.progress
    pairs = sampler_of(bench, timed).pairs(bench.seed, lambda n: progress.phase("calibration", f"pair {n}/{PAIRS}"))
    return calibrate_pairs(pairs, bench.baseline.goal.min_gain)


def _told(found: Calibration, timed: tuple[Plan, ...], kit: Kit) -> str | None:
    """Keep and say what was found; why nothing may be judged here, None where all is well."""
    data = {"noise": found.noise, "clock": found.clock, "pairs": found.pairs, "accepted": found.accepted}
    title = f"A/A: half of the pairs differ by less than {math.expm1(found.noise):.1%} ({found.clock} time)"
    kit.journal.append(StepKind.CALIBRATION, title, {**data, "place": kit.place})
    if kit.calibrations is not None:
        kit.calibrations.add(str(kit.machine().get("fingerprint", "")), names(timed), found)
    kit.progress.note(title)
    return _problem(found)


def _known(kit: Kit) -> Calibration | None:
    """What this job measured here not long ago."""
    oldest = datetime.now(UTC) - LASTS
    for step in reversed(kit.journal.steps(StepKind.CALIBRATION)):
        if kit.place and step.data.get("place") == kit.place and step.at > oldest:
            return _read(step)
    return None


def _problem(found: Calibration) -> str | None:
    if found.accepted:
        return "this host measures a gain between the unchanged code and itself, so it cannot judge; use a quieter one"
    return None


def remembered(journal: Journal) -> Calibration | None:
    """The job's last A/A run; None where there was none."""
    steps = journal.steps(StepKind.CALIBRATION)
    return _read(steps[-1]) if steps else None


def _read(step: Step) -> Calibration:
    data: dict[str, Any] = dict(step.data)
    return Calibration(noise=data["noise"], clock=data["clock"], pairs=data["pairs"], accepted=data["accepted"])
