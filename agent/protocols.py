"""The protocols everything else is made of, and what a job needs remembered.

`Policy`, `Proposer`, `Probe` and `Selector` are how search is extended; `Journal`, `Archive` and `Blobs` are what
`agent` asks of a memory and `storage` gives. `judge` is a plain function, in `agent/judge.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent.domain import Candidate, Directive, Job, Origin, Round, Spend, Step, StepKind, Verdict
from agent.evidence import Evidence
from agent.ledger import Ledger
from agent.playbook.play import Play, Query, Remembered
from tools.measure.calibrate import Calibration


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A candidate in the archive with what was seen of it and how it was judged."""

    candidate: Candidate
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


class Blobs(Protocol):
    """Large things by the digest of their content."""

    def put(self, data: bytes) -> str:
        """Store; returns the digest (64 hexadecimal digits), the same for the same data."""

    def get(self, digest: str) -> bytes:
        """Read back; raises KeyError for a digest that was never put."""


class Journal(Protocol):
    """The trajectory of one job, written as it happens and never changed."""

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """Write one step; it is on disk when this returns."""

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """The job's steps, in order: all, or those of some kinds, or of one round."""

    def reserve_confirmation(self) -> int:
        """Take the next number k (1, 2, ...) for a confirmation of this job; a number is never given twice."""


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """An A/A run that is remembered."""

    at: datetime
    """In UTC."""
    workload: str
    found: Calibration


class Calibrations(Protocol):
    """A/A runs by the host they were made on."""

    def add(self, host: str, workload: str, found: Calibration) -> None:
        """Remember one run; on disk when this returns."""

    def of(self, host: str, limit: int = 1000) -> Sequence[Calibrated]:
        """A host's runs, the newest first."""


class Playbook(Protocol):
    """Rewrites that were kept, across the jobs of one home."""

    def add(self, play: Play) -> bool:
        """Remember a play; False where one of the same form is there, which then counts one job more.

        Raises UserError (422) for what was not kept, or stands in no delivered tree that was confirmed.
        """

    def search(self, query: Query, most: int = 3) -> Sequence[Remembered]:
        """Those most like the query's code, the most alike first; empty where none is like it."""

    def plays(self, limit: int | None = None) -> Sequence[Remembered]:
        """What is remembered, the newest first."""

    def get(self, number: int) -> Remembered:
        """By its number; raises UserError (404) where there is none."""

    def forget(self, number: int) -> None:
        """Remove one for good; raises UserError (404) where there is none."""

    def clear(self) -> int:
        """Remove all for good; how many there were."""


class Archive(Protocol):
    """The candidates of one job with their verdicts, and the rounds that they were proposed in."""

    def add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        """Remember one judged candidate; on disk when this returns."""

    def entries(self) -> Sequence[Entry]:
        """All judged candidates, by number."""

    def begin(self, directive: Directive) -> None:
        """Remember that a round began; nothing where it had begun before, with the same directive.

        Raises ValueError where its number belongs to another directive.
        """

    def end(self, number: int, spend: Spend, note: str = "") -> None:
        """Remember that a round came to its end, and what it alone has spent; raises KeyError where it never began."""

    def rounds(self) -> Sequence[Round]:
        """All rounds that began, by number; a directive's candidates are those of the archive."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a proposer hands over; it becomes a `Candidate` when it is given a number."""

    patch: str
    """Against the snapshot, the parent's changes included."""
    summary: str
    origin: Origin
    target: str | None = None
    author: str = ""
    """The model that wrote it."""
    whole: bool = False
    """The other drafts of its round are parts of it."""


class Policy(Protocol):
    """Decides what to try next; keeps no state of its own."""

    def next(self, archive: Archive, ledger: Ledger) -> Directive | None:
        """The next directive, or None to end the search: a function of the archive, the ledger and a seed.

        Its round is one more than the archive has. A round that began and did not end is no business of the policy's:
        the search begins it again.
        """


class Proposer(Protocol):
    """Makes drafts: a rewriter, a model's session, a crossover."""

    name: str

    def propose(self, directive: Directive, ledger: Ledger) -> Iterable[Draft]:
        """At most `directive.samples` drafts, made as they are asked for; the ledger is charged as it is spent."""


class Selector(Protocol):
    """Decides which kept candidate is delivered next, where they cannot all be."""

    name: str

    def pick(self, kept: Sequence[Entry]) -> Candidate | None:
        """One of these, each judged against the unchanged code; None where none of them is to be delivered.

        It is asked again without what it picked, until it answers None: the order is that of delivery, and of two that
        change the same lines the first is delivered.
        """


class Progress(Protocol):
    """Is told what happens, for a person who watches."""

    def phase(self, name: str, detail: str = "") -> None:
        """A new phase of the job began (`clone`, `environment`, `tests`, `profile`, `search`, `finish`)."""

    def note(self, text: str) -> None:
        """One line worth reading now."""

    def candidate(self, candidate: Candidate, activity: str) -> None:
        """What is being done with a candidate now ("tests", "same behaviour?", "measuring 7/60")."""

    def verdict(self, candidate: Candidate, verdict: Verdict) -> None:
        """A candidate was judged."""

    def spent(self, spend: Spend) -> None:
        """What the job has spent so far."""


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    """Waits for a worker."""
    RUNNING = "running"
    PAUSED = "paused"
    """A person stopped it between two rounds; it goes on when they say so."""
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Of the command line: stopped by a person, or its process died; it can be resumed."""


@dataclass(frozen=True, kw_only=True)
class JobState:
    """Where a job stands, what it has spent and when it ended."""

    status: JobStatus
    detail: str = ""
    """One sentence for a person: why it failed, or how it ended."""
    spend: Spend
    attempt: int = 0
    """How often it was resumed."""
    ended: datetime | None = None
    """In UTC; None while it runs."""


class Jobs(Protocol):
    """Every job of this home.

    A job that runs is claimed by one process; where that process has died, the job counts as interrupted.
    """

    def create(self, job: Job) -> None:
        """Remember a new job, claimed by this process; on disk when this returns."""

    def resume(self, job_id: str) -> Job:
        """Claim a job that was interrupted or failed, as its next attempt.

        Raises UserError where there is none (404), where it is finished or where another process runs it (409).
        """

    def record_spend(self, job_id: str, spend: Spend) -> None:
        """Remember what the job has spent so far, for whoever resumes it; on disk when this returns."""

    def finish(
        self,
        job_id: str,
        status: JobStatus,
        *,
        spend: Spend | None = None,
        detail: str = "",
        report: Mapping[str, object] | None = None,
    ) -> None:
        """End the job and give up the claim; a `spend` or `report` of None leaves what was recorded before."""

    def state(self, job_id: str) -> JobState:
        """Where the job stands; raises UserError (404) where there is none."""

    def report(self, job_id: str) -> Mapping[str, object] | None:
        """The report the job ended with; None where there is none yet."""

    def get(self, job_id: str) -> Job:
        """By its id or an unambiguous beginning of it; raises UserError (404) where there is none."""

    def list(self, limit: int = 50) -> Sequence[Job]:
        """The newest first."""

    def journal(self, job_id: str) -> Journal:
        """The job's journal."""

    def archive(self, job_id: str) -> Archive:
        """The job's archive."""
