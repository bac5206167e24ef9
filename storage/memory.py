"""A memory that lasts as long as its process: for a judgement nobody asked to keep, and for tests."""

import hashlib
import itertools
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from agent.domain import Candidate, Directive, Job, Round, Spend, Step, StepKind, Verdict
from agent.evidence import Evidence
from agent.playbook.play import Play, Query, Remembered, check
from agent.playbook.ranking import ranked
from agent.protocols import Archive, Calibrated, Entry, JobState, JobStatus, Journal
from storage.rows import now, plain_dict
from storage.stored import Stored
from tools.errors import UserError
from tools.measure.calibrate import Calibration


class MemoryBlobs:
    """Blobs in a dictionary."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}
        self._put_s: dict[str, float] = {}

    def put(self, data: bytes) -> str:
        """Store; returns the digest (64 hexadecimal digits), the same for the same data."""
        digest = hashlib.sha256(data).hexdigest()
        self._blobs[digest] = bytes(data)
        self._put_s[digest] = time.time()
        return digest

    def get(self, digest: str) -> bytes:
        """Read back; raises KeyError for a digest that was never put."""
        return self._blobs[digest]

    def listing(self, shard: str) -> Iterator[Stored]:
        """The blobs whose digests begin with these two digits."""
        for digest, data in list(self._blobs.items()):
            if digest.startswith(shard):
                yield Stored(digest=digest, size_bytes=len(data), stored_s=self._put_s[digest])

    def remove(self, digests: Collection[str], before_s: float) -> Sequence[Stored]:
        """Remove those of one shard that were last put before a moment; which ones these were."""
        leaving = [one for digest in set(digests) for one in self.listing(digest[:2]) if one.digest == digest]
        leaving = [one for one in leaving if one.stored_s < before_s]
        for one in leaving:
            del self._blobs[one.digest]
        return leaving


class MemoryJournal:
    """The trajectory of one job in a list."""

    def __init__(self) -> None:
        self.attempt = 0
        self._steps: list[Step] = []
        self._confirmations = itertools.count(1)

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """Remember one step."""
        step = Step(
            number=len(self._steps) + 1,
            kind=kind,
            title=title,
            data=plain_dict(data or {}),
            candidate=candidate,
            round=round,
            attempt=self.attempt,
            at=now(),
        )
        self._steps.append(step)
        return step

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """The job's steps, in order: all, or those of some kinds, or of one round."""
        found = (step for step in self._steps if not kinds or step.kind in kinds)
        return tuple(step for step in found if round is None or step.round == round)

    def reserve_confirmation(self) -> int:
        """Take the next number k (1, 2, ...) for a confirmation of this job; a number is never given twice."""
        return next(self._confirmations)


class MemoryArchive:
    """The candidates of one job in a dictionary."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._rounds: dict[int, Round] = {}

    def add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        """Remember one judged candidate; raises ValueError where its number is taken."""
        if candidate.number in self._entries:
            raise ValueError(f"candidate {candidate.number} was judged before")
        self._entries[candidate.number] = Entry(candidate=candidate, verdict=verdict, evidence=tuple(evidence))

    def entries(self) -> Sequence[Entry]:
        """All judged candidates, by number."""
        return [entry for _, entry in sorted(self._entries.items())]

    def begin(self, directive: Directive) -> None:
        """Remember that a round began; raises ValueError where its number belongs to another directive."""
        known = self._rounds.setdefault(directive.round, Round(directive=directive))
        if known.directive != directive:
            raise ValueError(f"round {directive.round} began with another directive")

    def end(self, number: int, spend: Spend, note: str = "") -> None:
        """Remember that a round came to its end, and what it alone has spent; raises KeyError where it never began."""
        self._rounds[number] = replace(self._rounds[number], ended=True, spend=spend, note=note)

    def rounds(self) -> Sequence[Round]:
        """All rounds that began, by number."""
        return [known for _, known in sorted(self._rounds.items())]


class MemoryCalibrations:
    """A/A runs in a list."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, Calibrated]] = []

    def add(self, host: str, workload: str, found: Calibration) -> None:
        """Remember one run."""
        self._runs.append((host, Calibrated(at=now(), workload=workload, found=found)))

    def of(self, host: str, limit: int = 1000) -> Sequence[Calibrated]:
        """A host's runs, the newest first."""
        return [run for where, run in reversed(self._runs) if where == host][:limit]


class MemoryPlaybook:
    """Kept rewrites in a dictionary."""

    def __init__(self) -> None:
        self._plays: dict[int, Remembered] = {}
        self._numbers = itertools.count(1)

    def add(self, play: Play) -> bool:
        """Remember a play; False where one of the same form is there, which then counts one job more."""
        check(play)
        known = next((one for one in self._plays.values() if one.play.form == play.form), None)
        if known is None:
            number = next(self._numbers)
            self._plays[number] = Remembered(number=number, play=play)
            return True
        if known.play.job != play.job:
            self._plays[known.number] = replace(known, times=known.times + 1)
        return False

    def search(self, query: Query, most: int = 3) -> Sequence[Remembered]:
        """Those most like the query's code, the most alike first."""
        return ranked(list(self._plays.values()), query, most)

    def plays(self, limit: int | None = None) -> Sequence[Remembered]:
        """What is remembered, the newest first."""
        return list(reversed(self._plays.values()))[:limit]

    def get(self, number: int) -> Remembered:
        """By its number; raises UserError (404) where there is none."""
        if number not in self._plays:
            raise UserError(f"there is no play {number}; `hasten playbook list` shows those there are", status=404)
        return self._plays[number]

    def forget(self, number: int) -> None:
        """Remove one; raises UserError (404) where there is none."""
        del self._plays[self.get(number).number]

    def clear(self) -> int:
        """Remove all; how many there were."""
        count = len(self._plays)
        self._plays.clear()
        return count


class MemoryJobs:
    """Jobs of this process alone."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._states: dict[str, JobState] = {}
        self._reports: dict[str, Mapping[str, object]] = {}
        self._journals: dict[str, MemoryJournal] = {}
        self._archives: dict[str, MemoryArchive] = {}

    def create(self, job: Job) -> None:
        """Remember a new job."""
        if job.id in self._jobs:
            raise UserError(f"job {job.id} is running in another process", status=409)
        self._jobs[job.id] = job
        self._states[job.id] = JobState(status=JobStatus.RUNNING, spend=Spend())
        self._journals[job.id] = MemoryJournal()
        self._archives[job.id] = MemoryArchive()

    def resume(self, job_id: str) -> Job:
        """Go on with a job as its next attempt; raises UserError as `Jobs` says."""
        job = self.get(job_id)
        state = self._states[job.id]
        if state.status is JobStatus.RUNNING:
            raise UserError(f"job {job.id} is running in another process", status=409)
        if state.status is JobStatus.FINISHED:
            raise UserError(f"job {job.id} is finished; `hasten show {job.id}` shows how it ended", status=409)
        self._states[job.id] = JobState(status=JobStatus.RUNNING, spend=state.spend, attempt=state.attempt + 1)
        self._journals[job.id].attempt += 1
        return job

    def record_spend(self, job_id: str, spend: Spend) -> None:
        """Remember what the job has spent so far."""
        self._states[job_id] = replace(self._states[job_id], spend=spend)

    def finish(
        self,
        job_id: str,
        status: JobStatus,
        *,
        spend: Spend | None = None,
        detail: str = "",
        report: Mapping[str, object] | None = None,
    ) -> None:
        """End the job; a `spend` or `report` of None leaves what was recorded before."""
        state = self.state(job_id)
        self._states[job_id] = replace(state, status=status, spend=spend or state.spend, detail=detail, ended=now())
        if report is not None:
            self._reports[job_id] = plain_dict(report)

    def state(self, job_id: str) -> JobState:
        """Where the job stands; raises UserError (404) where there is none."""
        return self._states[self._known(job_id)]

    def report(self, job_id: str) -> Mapping[str, object] | None:
        """The report the job ended with; None where there is none yet."""
        return self._reports.get(self._known(job_id))

    def get(self, job_id: str) -> Job:
        """By its id or an unambiguous beginning of it; raises UserError (404) where there is none."""
        if job_id in self._jobs:
            return self._jobs[job_id]
        found = [job for job in self.list() if job_id and job.id.startswith(job_id)]
        if len(found) > 1:
            raise UserError(f"{len(found)} jobs begin with {job_id!r}; give more of the id")
        return found[0] if found else self._jobs[self._known(job_id)]

    def list(self, limit: int = 50) -> Sequence[Job]:
        """The newest first."""
        return sorted(self._jobs.values(), key=lambda job: job.created, reverse=True)[:limit]

    def journal(self, job_id: str) -> Journal:
        """The job's journal."""
        return self._journals[job_id]

    def archive(self, job_id: str) -> Archive:
        """The job's archive."""
        return self._archives[job_id]

    def _known(self, job_id: str) -> str:
        if job_id not in self._jobs:
            raise UserError(f"there is no job {job_id!r}; `hasten list` shows those there are", status=404)
        return job_id
