"""What makes a report evidence: the raw pairs, digests of the files it changes, and a seal over all of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from agent.evidence import Evidence, Timed
from agent.protocols import Blobs, Entry
from api.judgement import Judgement
from api.report import Report
from api.report_samples import MeasuredPart, PairPart, SamplesPart, SidePart, StagePart
from tools.errors import UserError
from tools.git.patch import PatchError, parse_patch
from tools.measure.pairs import Pair, Sample, Window

MOST_PAIRS = 20_000
"""Of one report: the pairs of further confirmations are left out and counted."""

_PAIRS = TypeAdapter(list[Pair])
_Sealed = TypeVar("_Sealed", Report, Judgement)


def pairs_of(timed: Timed, blobs: Blobs) -> Sequence[Pair]:
    """The raw pairs behind one piece of evidence; none where none were kept."""
    if timed.samples is None:
        return ()
    try:
        return _PAIRS.validate_json(blobs.get(timed.samples))
    except (KeyError, ValidationError):  # gone, or of an archive that anybody may have made
        return ()


def measured_of(evidence: Iterable[Evidence], blobs: Blobs | None, room: int = MOST_PAIRS) -> MeasuredPart | None:
    """The confirmation, with its pairs where they fit into `room`; None where nothing was confirmed."""
    confirmed = [seen for seen in evidence if isinstance(seen, Timed) and seen.stage == "confirm"]
    if not confirmed:
        return None
    return measured(confirmed[-1], blobs, room)


def measured(timed: Timed, blobs: Blobs | None, room: int = MOST_PAIRS) -> MeasuredPart:
    """One piece of evidence with its pairs, where they fit into `room`."""
    pairs = pairs_of(timed, blobs) if blobs else ()
    fits = len(pairs) <= room
    return MeasuredPart(
        workload=timed.workload,
        clock=timed.clock,
        alpha=timed.alpha,
        level=timed.speedup.level if timed.speedup else None,
        samples=tuple(_pair(pair) for pair in pairs) if fits else (),
        left_out=0 if fits else len(pairs),
    )


def samples_of(job_id: str, entries: Iterable[Entry], blobs: Blobs) -> SamplesPart:
    """The pairs of every screening and confirmation of these candidates."""
    stages = [
        StagePart(
            candidate=entry.candidate.number,
            stage=timed.stage,
            decision=timed.decision,
            detail=timed.detail,
            measured=measured(timed, blobs),
        )
        for entry in entries
        for timed in entry.evidence
        if isinstance(timed, Timed)
    ]
    return SamplesPart(job=job_id, stages=tuple(stages))


def file_digests(tree: Path, patches: Iterable[str]) -> dict[str, str | None]:
    """SHA-256 of every file that the patches touch, as it is in `tree`; null where there is none."""
    paths: set[str] = set()
    for patch in patches:
        try:
            paths.update(parse_patch(patch).paths if patch else ())
        except PatchError:
            continue  # a report of what does not even parse has no files to name
    return {path: _digest(tree / path) for path in sorted(paths)}


def sealed(report: _Sealed) -> _Sealed:
    """The report with the digest of all the rest of it."""
    return report.model_copy(update={"digest": digest_of(report.model_dump(mode="json"))})


def digest_of(data: Mapping[str, object]) -> str:
    """SHA-256 of a report's JSON without its own digest, keys in order."""
    rest = {name: value for name, value in data.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_seal(data: Mapping[str, object], name: str) -> None:
    """Raises UserError where a report is not as it was written."""
    if not data.get("digest"):
        raise UserError(f"{name} has no digest, so it cannot be told whether it was changed; write it anew with --json")
    if data["digest"] != digest_of(data):
        raise UserError(
            f"{name} was changed after it was written: its digest does not match; ask for it as it was written",
        )


def check_files(claimed: Mapping[str, str | None], tree: Path, source: str) -> None:
    """Raises UserError where the files that a claim changes are not the ones that it was made on."""
    for path, digest in claimed.items():
        if _digest(tree / path) != digest:
            raise UserError(
                f"{path} of {source} is not the file that the claim was made on; "
                "--source names a repository that has it",
            )


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() and not file.is_symlink() else None


def _pair(pair: Pair) -> PairPart:
    return PairPart(
        seed=pair.seed, before_first=pair.reference_first, before=_side(pair.reference), after=_side(pair.candidate)
    )


def _side(sample: Sample) -> SidePart:
    return SidePart(
        windows={name: _clocks(window) for name, window in sample.windows.items()},
        first={name: _clocks(window) for name, window in sample.first.items()},
        whole=_clocks(sample.whole),
        peak_memory_bytes=sample.peak_memory_bytes,
    )


def _clocks(window: Window) -> tuple[float, float | None]:
    return round(window.wall_s, 9), None if window.cpu_s is None else round(window.cpu_s, 9)
