"""From results to reports, and to the one patch that a report delivers."""

from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version

from agent.protocols import Blobs, Entry
from agent.result import Combined, JobResult, JudgeResult, Stacked
from api.checks import checks_of
from api.evidence import MOST_PAIRS, measured_of, sealed
from api.judgement import Judgement
from api.parts import (
    asked_of,
    baseline_of,
    calibration_of,
    chosen_of,
    equivalence_of,
    instructions_of,
    snapshot_of,
    speedup_of,
    spend_of,
    tests_of,
    workload_of,
)
from api.report import CandidatePart, CombinedPart, KeptPart, Report, StackPart
from api.report_samples import MeasuredPart
from api.reproduce import judge_command


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
            calibration=calibration_of(result.calibration),
            baseline=baseline_of(result.baseline),
            chosen=chosen_of(result.chosen),
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
            workload=workload_of(entry.evidence),
            tests=tests_of(entry.evidence),
            equivalence=equivalence_of(entry.evidence),
            instructions=instructions_of(entry.evidence),
            measured=measured_of(entry.evidence, blobs),
            caveats=verdict.caveats,
            checks=checks_of(entry.evidence),
            asked=asked_of(job),
            snapshot=snapshot_of(result.snapshot, [patch]),
            machine=dict(result.machine),
            calibration=calibration_of(result.calibration),
            baseline=baseline_of(result.baseline),
            chosen=chosen_of(result.chosen),
            patch=patch,
            reproduce=judge_command(job, result.snapshot.commit, patch),
            spend=spend_of(result.spend),
        )
    )


def outcome_of(report: Report) -> str:
    """How a job ended, in a few words."""
    gain = report.combined.speedup if report.combined else None
    together = f", {gain.point:.2f}x" if gain else ""
    return f"{len(report.kept)} kept{together}"


def delivered_patch(report: Report) -> str | None:
    """The one patch a job delivers: everything kept together, else the best; None where there is nothing to deliver."""
    if report.combined:
        return report.combined.patch or None
    return report.kept[0].patch if report.kept else None


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
        workload=workload_of(entry.evidence),
        tests=tests_of(entry.evidence),
        equivalence=equivalence_of(entry.evidence),
        instructions=instructions_of(entry.evidence),
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
        tests=tests_of(judged.evidence) if judged else None,
        equivalence=equivalence_of(judged.evidence) if judged else None,
        stack=tuple(_stacked(step) for step in combined.stack),
        measured=measured_of(judged.evidence, blobs) if judged and combined.patch else None,
        reproduce=judge_command(result.job, result.snapshot.commit, combined.patch),
    )


def _stacked(step: Stacked) -> StackPart:
    return StackPart(
        candidates=step.candidates,
        patch=step.patch,
        tests=tests_of([step.tested]) if step.tested else None,
        equivalence=equivalence_of([step.compared]) if step.compared else None,
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
        round=entry.candidate.round,
        author=entry.candidate.author,
    )


def _gain(entry: Entry) -> float:
    return entry.verdict.speedup.point if entry.verdict.speedup else 0.0
