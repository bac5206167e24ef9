"""From results to reports."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version

from agent.domain import Job, Spend
from agent.evidence import Compared, Counted, Evidence, Tested, Timed
from agent.protocols import Blobs, Entry
from agent.result import BaselineSummary, Combined, JobResult, JudgeResult
from api.checks import checks_of
from api.evidence import MOST_PAIRS, file_digests, measured_of, sealed
from api.report import (
    AbsentTestsPart,
    AskedPart,
    BaselinePart,
    BaselineTestsPart,
    CandidatePart,
    CombinedPart,
    EquivalencePart,
    InstructionsPart,
    Judgement,
    KeptPart,
    LeftOutPart,
    MeasuredPart,
    Report,
    SnapshotPart,
    SpeedupPart,
    SpendPart,
    TargetPart,
    TestsPart,
    WorkloadPart,
)
from api.reproduce import judge_command
from tools.git.snapshot import Snapshot
from tools.measure.estimate import Estimate

MOST_NAMES = 50
"""Of tests that were left out for one reason."""


def report_of(result: JobResult, blobs: Blobs | None = None) -> Report:
    """The report of a job that ran to its end, sealed; `blobs` are where its raw pairs are."""
    job, snapshot = result.job, result.snapshot
    judged = [entry for entry in result.entries if entry.candidate.patch]
    kept = sorted(result.kept, key=_gain, reverse=True)
    parts = _kept_parts(result, kept, blobs)
    combined = None if result.combined is None else _combined(result, result.combined, blobs)
    patches = [part.patch for part in parts] + ([combined.patch] if combined else [])
    return sealed(
        Report(
            hasten=version("hasten"),
            job=job.id,
            asked=asked_of(job),
            snapshot=snapshot_of(snapshot, patches),
            machine=dict(result.machine),
            recipe=result.recipe_notes,
            baseline=baseline_of(result.baseline),
            kept=parts,
            combined=combined,
            rejected=Counter(entry.verdict.outcome for entry in judged if not entry.verdict.kept),
            candidates=tuple(_candidate(entry) for entry in judged),
            ended=result.ended,
            spend=spend_of(result.spend),
        )
    )


def judgement_of(result: JudgeResult, blobs: Blobs | None = None) -> Judgement:
    """The judgement of one patch, sealed; `blobs` are where its raw pairs are."""
    job, entry = result.job, result.entry
    patch, verdict = entry.candidate.patch, entry.verdict
    return sealed(
        Judgement(
            hasten=version("hasten"),
            job=job.id,
            verdict=verdict.outcome,
            reason=verdict.reason,
            speedup=speedup_of(verdict.speedup),
            workload=_workload(entry.evidence),
            tests=_tests(entry.evidence),
            equivalence=_equivalence(entry.evidence),
            instructions=_instructions(entry.evidence),
            measured=measured_of(entry.evidence, blobs),
            caveats=verdict.caveats,
            checks=checks_of(entry.evidence),
            asked=asked_of(job),
            snapshot=snapshot_of(result.snapshot, [patch]),
            machine=dict(result.machine),
            baseline=baseline_of(result.baseline),
            patch=patch,
            reproduce=judge_command(job, result.snapshot.commit, patch),
            spend=spend_of(result.spend),
        )
    )


def delivered_patch(report: Report) -> str | None:
    """The one patch a job delivers: everything kept together, else the best; None where there is nothing to deliver."""
    if report.combined:
        return report.combined.patch or None
    return report.kept[0].patch if report.kept else None


def asked_of(job: Job) -> AskedPart:
    """What was asked, as the report has it."""
    return AskedPart(
        ref=job.ref,
        subdirectory=job.subdirectory,
        min_gain=job.goal.min_gain,
        target=job.target,
        since=job.since,
        bench=job.bench,
        workload=job.workload,
        seed=job.seed,
        sandbox=job.sandbox,
        budget_s=job.budget.wall_s,
        max_candidates=job.budget.candidates,
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
    return BaselinePart(tests=tests, workloads=tuple(workloads), targets=tuple(targets), left_out=tuple(left_out))


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
    )


def _kept_parts(result: JobResult, kept: Iterable[Entry], blobs: Blobs | None) -> tuple[KeptPart, ...]:
    parts: list[KeptPart] = []
    for entry in kept:
        taken = sum(len(part.measured.samples) for part in parts if part.measured)
        parts.append(_kept(result, entry, measured_of(entry.evidence, blobs, MOST_PAIRS - taken)))
    return tuple(parts)


def _kept(result: JobResult, entry: Entry, measured: MeasuredPart | None) -> KeptPart:
    candidate, verdict = entry.candidate, entry.verdict
    return KeptPart(
        candidate=candidate.number,
        patch=candidate.patch,
        summary=candidate.summary,
        target=candidate.target,
        speedup=speedup_of(verdict.speedup),
        workload=_workload(entry.evidence),
        tests=_tests(entry.evidence),
        equivalence=_equivalence(entry.evidence),
        instructions=_instructions(entry.evidence),
        measured=measured,
        caveats=verdict.caveats,
        reproduce=judge_command(result.job, result.snapshot.commit, candidate.patch),
    )


def _combined(result: JobResult, combined: Combined, blobs: Blobs | None) -> CombinedPart:
    judged = next((entry for entry in result.entries if entry.candidate.patch == combined.patch), None)
    return CombinedPart(
        patch=combined.patch,
        speedup=speedup_of(combined.speedup),
        workload=combined.workload,
        detail=combined.detail,
        candidates=combined.candidates,
        measured=measured_of(judged.evidence, blobs) if judged and combined.patch else None,
        reproduce=judge_command(result.job, result.snapshot.commit, combined.patch),
    )


def _candidate(entry: Entry) -> CandidatePart:
    return CandidatePart(
        candidate=entry.candidate.number,
        verdict=entry.verdict.outcome,
        reason=entry.verdict.reason,
        summary=entry.candidate.summary,
        target=entry.candidate.target,
        origin=entry.candidate.origin,
        parents=entry.candidate.parents,
    )


def _gain(entry: Entry) -> float:
    return entry.verdict.speedup.point if entry.verdict.speedup else 0.0


def _workload(evidence: Iterable[Evidence]) -> str:
    return next((seen.workload for seen in reversed(tuple(evidence)) if isinstance(seen, Timed)), "")


def _tests(evidence: Sequence[Evidence]) -> TestsPart | None:
    """The widest run; the same tests under further hash seeds follow it."""
    runs = [seen for seen in evidence if isinstance(seen, Tested)]
    if not runs:
        return None
    widest = max(runs, key=lambda seen: seen.passed + seen.failed)
    failed = sum(seen.failed for seen in runs)
    return TestsPart(passed=widest.passed, failed=failed, flaky=widest.flaky, scope=widest.scope)


def _equivalence(evidence: Sequence[Evidence]) -> EquivalencePart | None:
    compared = [seen for seen in evidence if isinstance(seen, Compared)]
    if not compared:
        return None
    return EquivalencePart(cases=sum(seen.cases for seen in compared), fresh=sum(seen.fresh for seen in compared))


def _instructions(evidence: Iterable[Evidence]) -> InstructionsPart | None:
    for seen in evidence:
        if isinstance(seen, Counted) and seen.before and seen.after is not None and seen.change is not None:
            return InstructionsPart(tool=seen.tool, before=seen.before, after=seen.after, change=seen.change)
    return None
