"""A job's tools with nobody watching and nothing kept beyond the test."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.domain import Job
from agent.kit import Kit
from agent.ledger import Ledger
from storage.memory import MemoryBlobs, MemoryJobs
from tools.measure.cores import CoreLocks
from tools.sandbox.select import open_sandbox


class Silence:
    """A progress that nobody watches."""

    def phase(self, name: str, detail: str = "") -> None: ...
    def note(self, text: str) -> None: ...
    def candidate(self, candidate: object, activity: str) -> None: ...
    def verdict(self, candidate: object, verdict: object) -> None: ...
    def spent(self, spend: object) -> None: ...


def silent_job(source: Path, home: Path, index_env: Mapping[str, str]) -> tuple[Job, Kit]:
    """A new job on the project at `source`, in bubblewrap, with what it keeps in memory."""
    job = Job(id=secrets.token_hex(6), source=str(source), created=datetime.now(UTC))
    ledger = Ledger(job.budget)
    jobs = _remembering(job)
    kit = Kit(
        home=home,
        sandbox=open_sandbox("bubblewrap"),
        journal=jobs.journal(job.id),
        archive=jobs.archive(job.id),
        blobs=MemoryBlobs(),
        ledger=ledger,
        progress=Silence(),
        # One place for all tests of this machine: each worker of pytest has folders of its own.
        cores=CoreLocks(Path(tempfile.gettempdir()) / f"hasten-tests-cores-{os.getuid()}", ledger.excuse),
        machine=dict,
        index_env=index_env,
    )
    return job, kit


def forgetful(kit: Kit, job: Job) -> Kit:
    """The same tools, with no memory of earlier candidates."""
    jobs = _remembering(job)
    return replace(kit, journal=jobs.journal(job.id), archive=jobs.archive(job.id))


def _remembering(job: Job) -> MemoryJobs:
    jobs = MemoryJobs()
    jobs.create(job)
    return jobs
