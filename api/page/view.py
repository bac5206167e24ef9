"""What the page's template shows, in the order it shows it: text and drawings, nothing left to decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.domain import Origin, Outcome
from api.judgement import CheckPart, Judgement
from api.page.chart import Chart, chart_of
from api.page.contents import Contents
from api.page.conversation import Conversation, conversations_of
from api.page.diff import FileDiff, diff_of
from api.page.flame import Flame, flame_of
from api.report import CombinedPart, KeptPart, Report
from api.report_parts import BaselinePart, EquivalencePart, InstructionsPart, SpeedupPart, TestsPart
from api.reporting import delivered_patch
from api.wording import baseline_text, gain_text, machine_text, noise_text, spend_text, without_gain

MOST_STEPS = 3000

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One diff with all that was seen of it."""

    id: str
    """Its place on the page."""
    number: str
    title: str
    gain: str
    verdict: str
    target: str
    facts: Facts
    caveats: tuple[str, ...]
    chart: Chart | None
    files: tuple[FileDiff, ...]
    reproduce: str


@dataclass(frozen=True, kw_only=True)
class View:
    """The whole page."""

    command: str
    job: str
    source: str
    commit: str
    began: str
    version: str
    headline: str
    facts: Facts
    take_it: str
    """A command that takes the patch; empty where there is none."""
    changes_title: str
    changes: tuple[Change, ...]
    together: Change | None
    checks: tuple[CheckPart, ...]
    rejected: tuple[Change, ...]
    rejected_counts: tuple[tuple[str, int], ...]
    profiled: str
    before: Flame | None
    after: Flame | None
    takes: float
    """How long what is delivered takes where the unchanged code takes 1; 1 where that is not known."""
    baseline: BaselinePart
    conversations: tuple[Conversation, ...]
    steps: tuple[tuple[str, str, str, str, str], ...]
    steps_left_out: int


def view_of(contents: Contents) -> View:
    """The view of a job that ran to its end."""
    report = contents.report
    steps = contents.steps[:MOST_STEPS]
    judged = report if isinstance(report, Judgement) else None
    takes = _takes(contents)
    return View(
        command="judge" if judged else "optimize",
        job=report.job,
        source=report.snapshot.source,
        commit=report.snapshot.commit,
        began=contents.began,
        version=report.hasten,
        headline=_headline(report),
        facts=tuple(_facts(report)),
        take_it=_take_it(report),
        changes_title="The patch" if judged else "Kept",
        changes=tuple(_changes(contents)),
        together=_together(contents),
        checks=judged.checks if judged else (),
        rejected=tuple(_rejected(contents)),
        rejected_counts=_counts(report),
        profiled=contents.profiled,
        before=flame_of(contents.profile) if contents.profile else None,
        after=flame_of(contents.delivered, contents.profile, takes=takes) if contents.delivered else None,
        takes=takes,
        baseline=report.baseline,
        conversations=conversations_of(contents.steps),
        steps=tuple(
            (
                str(step.number),
                f"{step.at:%H:%M:%S}",
                step.kind.value,
                "" if step.candidate is None else str(step.candidate),
                step.title,
            )
            for step in steps
        ),
        steps_left_out=len(contents.steps) - len(steps),
    )


def _take_it(report: Report | Judgement) -> str:
    if isinstance(report, Judgement) or not delivered_patch(report):
        return ""
    return f"hasten show {report.job} --patch | git apply"


def _takes(contents: Contents) -> float:
    """Known where what was profiled is what was measured."""
    combined = contents.report.combined if isinstance(contents.report, Report) else None
    if combined is None or combined.speedup is None or f"profile of {combined.workload}:" not in contents.profiled:
        return 1.0
    return 1 / combined.speedup.point


def _headline(report: Report | Judgement) -> str:
    if isinstance(report, Judgement):
        gain = f", {gain_text(report.speedup)} on {report.workload}" if report.speedup else ""
        return f"{report.verdict.value}{gain}"
    if report.combined and report.combined.speedup:
        return f"{gain_text(report.combined.speedup)} on {report.combined.workload}"
    return f"{len(report.kept)} kept, not confirmed together" if report.kept else "Nothing kept"


def _facts(report: Report | Judgement) -> Iterator[tuple[str, str]]:
    """The same lines that end the report on a terminal."""
    if isinstance(report, Report):
        judged = sum(one.origin is not Origin.FINISH for one in report.candidates)
        yield "Kept", f"{len(report.kept)} of {judged} candidate{'s' * (judged != 1)}"
        yield "Ended", report.ended
    else:
        yield "Verdict", without_gain(report.reason, report.workload)
    yield "Spent", spend_text(report.spend)
    yield "Baseline", baseline_text(report.baseline)
    yield "Machine", machine_text(report.machine)
    if noise := noise_text(report.calibration):
        yield "Noise", noise


def _changes(contents: Contents) -> Iterator[Change]:
    report = contents.report
    if isinstance(report, Judgement):
        yield Change(
            id="patch",
            number="",
            title=report.asked.target or "the patch that was judged",
            gain=gain_text(report.speedup) if report.speedup else "",
            verdict=report.verdict.value,
            target="",
            facts=_seen(report.speedup, report.workload, report.tests, report.equivalence, report.instructions),
            caveats=report.caveats,
            chart=chart_of(report.measured, report.asked.min_gain),
            files=diff_of(report.patch),
            reproduce=report.reproduce,
        )
        return
    for kept in report.kept:
        yield _kept(kept, report)


def _kept(kept: KeptPart, report: Report) -> Change:
    return Change(
        id=f"candidate-{kept.candidate}",
        number=f"#{kept.candidate}",
        title=kept.summary,
        gain=gain_text(kept.speedup),
        verdict=Outcome.KEPT.value,
        target=kept.target or "",
        facts=_seen(kept.speedup, kept.workload, kept.tests, kept.equivalence, kept.instructions),
        caveats=kept.caveats,
        chart=chart_of(kept.measured, report.asked.min_gain),
        files=diff_of(kept.patch),
        reproduce=kept.reproduce,
    )


def _together(contents: Contents) -> Change | None:
    report = contents.report
    combined: CombinedPart | None = report.combined if isinstance(report, Report) else None
    if combined is None or (combined.patch and len(combined.candidates) < 2):
        return None
    return Change(
        id="together",
        number="",
        title=without_gain(combined.detail, combined.workload),
        gain=gain_text(combined.speedup) if combined.patch else "nothing is delivered",
        verdict=", ".join(f"#{number}" for number in combined.candidates),
        target="",
        facts=_seen(combined.speedup, combined.workload, combined.tests, combined.equivalence, None),
        caveats=(),
        chart=chart_of(combined.measured, report.asked.min_gain),
        files=diff_of(combined.patch) if combined.patch else (),
        reproduce=combined.reproduce if combined.patch else "",
    )


def _rejected(contents: Contents) -> Iterator[Change]:
    report = contents.report
    if isinstance(report, Judgement):
        return
    for one in report.candidates:
        if one.verdict is Outcome.KEPT:
            continue
        confirmed = contents.confirmations.get(one.candidate)
        yield Change(
            id=f"candidate-{one.candidate}",
            number=f"#{one.candidate}",
            title=one.reason,
            gain="",
            verdict=one.verdict.value,
            target=one.target or "",
            facts=(("Change", one.summary),),
            caveats=(),
            chart=chart_of(confirmed.measured, report.asked.min_gain) if confirmed else None,
            files=diff_of(contents.patches.get(one.candidate, "")),
            reproduce="",
        )


def _counts(report: Report | Judgement) -> tuple[tuple[str, int], ...]:
    if isinstance(report, Judgement):
        return ()
    return tuple((outcome.value, count) for outcome, count in sorted(report.rejected.items(), key=lambda one: -one[1]))


def _seen(
    speedup: SpeedupPart | None,
    workload: str,
    tests: TestsPart | None,
    equivalence: EquivalencePart | None,
    instructions: InstructionsPart | None,
) -> Facts:
    facts = []
    if speedup:
        facts.append(("Measured", f"{workload}, {speedup.pairs} pairs of processes, {speedup.level:.0%} interval"))
    if tests:
        facts.append(("Tests", f"{tests.passed} passed, {tests.failed} failed ({tests.scope})"))
    if equivalence:
        facts.append(("Behaviour", f"the same on {equivalence.cases} inputs, {equivalence.fresh} of them fresh"))
    if instructions:
        facts.append(("Instructions", f"{instructions.change:+.0%} ({instructions.tool})"))
    return tuple(facts)
