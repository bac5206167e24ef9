"""What a page is made of, gathered from a job's memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.domain import Step
from agent.evidence import Timed
from agent.protocols import Archive, Blobs, Journal
from api.evidence import measured
from api.judgement import Judgement
from api.report import Report
from api.report_samples import MeasuredPart
from storage.references import blob_of


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """One confirmation of a candidate, with its pairs."""

    measured: MeasuredPart
    decision: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    """One job that has ended."""

    report: Report | Judgement
    began: str
    patches: Mapping[int, str]
    """Of every candidate, by number."""
    confirmations: Mapping[int, Confirmation]
    """The last one of each candidate that came so far, by number."""
    steps: Sequence[Step]
    profile: str | None
    """Folded stacks of the unchanged code."""
    profiled: str
    """What it is a profile of, in words."""
    delivered: str | None
    """Folded stacks of what is delivered."""


def contents_of(report: Report | Judgement, journal: Journal, archive: Archive, blobs: Blobs, began: str) -> Contents:
    """Everything that is remembered of a job and belongs on its page."""
    steps, entries = journal.steps(), archive.entries()
    confirmations = {}
    for entry in entries:
        for seen in entry.evidence:
            if isinstance(seen, Timed) and seen.stage == "confirm":
                confirmations[entry.candidate.number] = Confirmation(
                    measured=measured(seen, blobs), decision=seen.decision, detail=seen.detail
                )
    profiles = [(step, digest) for step in steps if (digest := blob_of(step, "folded"))]
    unchanged = [(step, digest) for step, digest in profiles if not step.data.get("delivered")]
    delivered = [(step, digest) for step, digest in profiles if step.data.get("delivered")]
    return Contents(
        report=report,
        began=began,
        patches={entry.candidate.number: entry.candidate.patch for entry in entries},
        confirmations=confirmations,
        steps=steps,
        profile=_folded(unchanged, blobs),
        profiled=unchanged[-1][0].title if unchanged else "",
        delivered=_folded(delivered, blobs),
    )


def _folded(profiles: Sequence[tuple[Step, str]], blobs: Blobs) -> str | None:
    try:
        return blobs.get(profiles[-1][1]).decode(errors="replace") if profiles else None
    except KeyError:
        return None
