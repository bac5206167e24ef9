"""From the values of a job to the parts of its report, one function a part."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from agent.domain import Goal, Job, Spend
from agent.evidence import Compared, Counted, Evidence, Tested, Timed
from agent.result import BaselineSummary, Chosen
from api.evidence import file_digests
from api.report_parts import (
    AbsentTestsPart,
    AskedPart,
    BaselinePart,
    BaselineTestsPart,
    CalibrationPart,
    ChosenPart,
    EquivalencePart,
    InstructionsPart,
    LeftOutPart,
    SnapshotPart,
    SpeedupPart,
    SpendPart,
    TargetPart,
    TestsPart,
    WorkloadPart,
)
from tools.git.snapshot import Snapshot
from tools.measure.calibrate import Calibration
from tools.measure.estimate import Estimate

MOST_NAMES = 50
"""Of tests that were left out for one reason."""


def asked_of(job: Job) -> AskedPart:
    """What was asked, as the report has it."""
    return AskedPart(
        ref=job.ref,
        subdirectory=job.subdirectory,
        min_gain=(job.goal or Goal()).min_gain,
        target=job.target,
        since=job.since,
        bench=job.bench,
        workload=job.workload_file,
        recipe=None if job.recipe is None else dict(job.recipe),
        seed=job.seed,
        sandbox=job.sandbox,
        budget_s=job.budget.wall_s,
        max_candidates=job.budget.candidates,
        strategy=job.strategy,
        models=tuple(model.name for model in job.models),
        max_usd=job.budget.usd,
        max_tokens=job.budget.tokens,
        max_model_calls=job.budget.model_calls,
    )


def snapshot_of(snapshot: Snapshot, patches: Iterable[str]) -> SnapshotPart:
    """The code, as the report has it: without this host's own paths."""
    return SnapshotPart(
        source=snapshot.source,
        commit=snapshot.commit,
        subdirectory=snapshot.subdirectory,
        uncommitted=snapshot.uncommitted,
        files=file_digests(snapshot.tree, patches),
    )


def baseline_of(baseline: BaselineSummary) -> BaselinePart:
    """The unchanged code, as the report has it."""
    tests = BaselineTestsPart(
        passed=baseline.passed,
        failed=baseline.failed,
        flaky=baseline.flaky,
        scope=baseline.scope,
        set_aside=baseline.set_aside,
        collected=baseline.collected,
        ran_once=baseline.ran_once,
        absent=tuple(
            AbsentTestsPart(why=group.why, count=len(group.tests), names=group.tests[:MOST_NAMES])
            for group in baseline.absent
        ),
    )
    workloads = [
        WorkloadPart(name=item.name, kind=item.kind, fresh=item.fresh, detail=item.detail, text=item.text)
        for item in baseline.workloads
    ]
    targets = [
        TargetPart(
            name=item.name,
            own_share=item.own_share,
            cumulative_share=item.cumulative_share,
            covered_by=item.covered_by,
            findings=item.findings,
        )
        for item in baseline.targets
    ]
    left_out = [LeftOutPart(**asdict(item)) for item in baseline.left_out]
    return BaselinePart(
        tests=tests,
        workloads=tuple(workloads),
        targets=tuple(targets),
        left_out=tuple(left_out),
        reused=baseline.reused,
    )


def chosen_of(chosen: Iterable[Chosen]) -> tuple[ChosenPart, ...]:
    """What was measured, as the report has it."""
    return tuple(ChosenPart(**asdict(item)) for item in chosen)


def speedup_of(estimate: Estimate | None) -> SpeedupPart | None:
    """A speedup, as the report has it."""
    if estimate is None:
        return None
    return SpeedupPart(
        point=estimate.point, low=estimate.low, high=estimate.high, level=estimate.level, pairs=estimate.pairs
    )


def spend_of(spend: Spend) -> SpendPart:
    """What was spent, as the report has it."""
    return SpendPart(
        wall_s=round(spend.wall_s, 3),
        candidates=spend.candidates,
        model_calls=spend.model_calls,
        tokens=spend.tokens,
        usd=spend.usd,
        unpriced_tokens=spend.unpriced_tokens,
    )


def calibration_of(found: Calibration | None) -> CalibrationPart | None:
    """The A/A run, as the report has it."""
    if found is None:
        return None
    return CalibrationPart(noise=found.noise, clock=found.clock, pairs=found.pairs, accepted=found.accepted)


def workload_of(evidence: Iterable[Evidence]) -> str:
    """What was measured last; empty where nothing was."""
    return next((seen.workload for seen in reversed(tuple(evidence)) if isinstance(seen, Timed)), "")


def tests_of(evidence: Sequence[Evidence]) -> TestsPart | None:
    """The widest run; the same tests under further hash seeds follow it."""
    runs = [seen for seen in evidence if isinstance(seen, Tested)]
    if not runs:
        return None
    widest = max(runs, key=lambda seen: seen.passed + seen.failed)
    failed = sum(seen.failed for seen in runs)
    return TestsPart(passed=widest.passed, failed=failed, flaky=widest.flaky, scope=widest.scope)


def equivalence_of(evidence: Sequence[Evidence]) -> EquivalencePart | None:
    """The comparisons of behaviour, summed; None where there was none."""
    compared = [seen for seen in evidence if isinstance(seen, Compared)]
    if not compared:
        return None
    return EquivalencePart(cases=sum(seen.cases for seen in compared), fresh=sum(seen.fresh for seen in compared))


def instructions_of(evidence: Iterable[Evidence]) -> InstructionsPart | None:
    """What both sides execute; None where it was not counted."""
    for seen in evidence:
        if isinstance(seen, Counted) and seen.before and seen.after is not None and seen.change is not None:
            return InstructionsPart(tool=seen.tool, before=seen.before, after=seen.after, change=seen.change)
    return None
