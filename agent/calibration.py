"""The A/A check: the unchanged code against itself. A host that sees a gain there may not judge."""

import math
from typing import Any

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Job, StepKind
from agent.kit import Kit
from agent.probes.timing import names, sampler_of
from agent.protocols import Journal
from tools.measure.calibrate import PAIRS, Calibration, calibrate_pairs
from tools.measure.sampler import CandidateBroke, CandidateCheated, OutputsDiffer, ReferenceBroke


def calibrate(job: Job, baseline: Baseline, plans: Plans, kit: Kit) -> str | None:
    """Measure the unchanged code against itself; why nothing may be judged here, None where all is well."""
    kit.progress.phase("calibration")
    bench = Bench(kit=kit, job=job, baseline=baseline, parent=UNCHANGED, candidate=UNCHANGED, plans=plans)
    timed = bench.timed if baseline.named else bench.any_recorded
    if not timed:
        return None
    try:
        pairs = sampler_of(bench, timed).pairs(
            bench.seed, lambda n: kit.progress.phase("calibration", f"pair {n}/{PAIRS}")
        )
        found: Calibration = calibrate_pairs(pairs, job.goal.min_gain)
    except (OutputsDiffer, CandidateCheated, CandidateBroke, ReferenceBroke) as error:
        return f"the unchanged code does not repeat itself: {error}"
    data = {"noise": found.noise, "clock": found.clock, "pairs": found.pairs, "accepted": found.accepted}
    title = f"A/A: half of the pairs differ by less than {math.expm1(found.noise):.1%} ({found.clock} time)"
    kit.journal.append(StepKind.CALIBRATION, title, data)
    if kit.calibrations is not None:
        kit.calibrations.add(str(kit.machine().get("fingerprint", "")), names(timed), found)
    kit.progress.note(title)
    if found.accepted:
        return "this host measures a gain between the unchanged code and itself, so it cannot judge; use a quieter one"
    return None


def remembered(journal: Journal) -> Calibration | None:
    """The job's last A/A run; None where there was none."""
    for step in reversed(journal.steps()):
        if step.kind is StepKind.CALIBRATION:
            data: dict[str, Any] = dict(step.data)
            return Calibration(noise=data["noise"], clock=data["clock"], pairs=data["pairs"], accepted=data["accepted"])
    return None
