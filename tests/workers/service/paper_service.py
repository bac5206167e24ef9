"""A service on paper: a store, a broker, and worker processes that are started, killed and waited for."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from paper_stages import HOLD, MODEL
from pydantic import SecretStr

from agent.domain import Budget, Job, Step
from agent.protocols import JobStatus
from storage.store import Store, open_store
from storage.submission import Submission
from workers.broker import Teller
from workers.settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PACE = {"lease_s": 3.0, "beat_s": 0.5, "look_s": 0.1, "sweep_s": 0.3, "lost_s": 1.0, "retry_s": 0.1}
PATIENCE_S = 90.0
"""Nothing here takes longer than a few seconds, but on a machine that is busy with something else."""
BUDGET = Budget(model_calls=12, candidates=30)
STARTING_S = 240.0
ENDED = (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.CANCELLED)
TENANT = "acme"


@dataclass
class Service:
    """One service, and the workers that a test started for it."""

    folder: Path
    database: str | None
    broker: str | None
    store: Store
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        secret = None if self.broker is None else SecretStr(self.broker)
        self.teller = Teller(Settings(home=self.store.home, broker_url=secret))

    def start(self, workers: int = 2) -> None:
        """So many workers of one process each; they are there when this returns."""
        self.workers += [self._started() for _ in range(workers)]
        self.until(lambda: len(self.store.workers.list(PATIENCE_S)) >= workers, patience_s=STARTING_S)

    def _started(self) -> subprocess.Popen[bytes]:
        told = {"home": str(self.store.home), "folder": str(self.folder), "broker": self.broker}
        told |= {"database": self.database, "at_once": 1, "pace": PACE}
        paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE)))
        return subprocess.Popen(
            [sys.executable, str(HERE / "paper_worker.py"), json.dumps(told)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stderr=(self.folder / "log").open("a"),
            stdout=subprocess.DEVNULL,
        )

    def submit(self, *, strategy: str = "refine", tell: bool = True, **asked: object) -> str:
        fields: dict[str, object] = {"models": (MODEL,), "budget": BUDGET, "sandbox": "none", **asked}
        job = Job(
            id=secrets.token_hex(6),
            source="https://example.org/shop",
            created=datetime.now(UTC),
            strategy=strategy,
            **fields,
        )
        self.store.queue.submit(job, Submission(tenant=TENANT))
        if tell:
            self.teller.tell(job.id)
        return job.id

    def status(self, job_id: str) -> JobStatus:
        return self.store.jobs.state(job_id).status

    def steps(self, job_id: str) -> Sequence[Step]:
        return self.store.jobs.journal(job_id).steps()

    def ended(self, job_id: str) -> JobStatus:
        self.until(lambda: self.status(job_id) in ENDED)
        return self.status(job_id)

    def until(self, holds: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        last_s = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < last_s, (self.folder / "log").read_text()[-4000:]
            assert all(worker.poll() is None for worker in self.workers), (self.folder / "log").read_text()[-4000:]
            time.sleep(0.02)

    @property
    def asked(self) -> list[str]:
        """Digests of all that a model was asked, in order."""
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []

    @contextmanager
    def held(self) -> Iterator[None]:
        """The model does not answer; entered, it lets what runs come to a question first."""
        (self.folder / HOLD).touch()
        try:
            yield
        finally:
            (self.folder / HOLD).unlink(missing_ok=True)

    def holder(self, job_id: str) -> int:
        """The process that holds a job."""
        found: list[int] = []

        def look() -> bool:
            owner = self._owner(job_id)
            if owner is not None:
                found.append(int(owner.split(":")[1]))
            return owner is not None

        self.until(look)
        return found[-1]

    def _owner(self, job_id: str) -> str | None:
        from sqlalchemy import select  # noqa: PLC0415

        from storage.tables import jobs  # noqa: PLC0415

        with self.store.database.reading() as connection:
            owner: str | None = connection.scalars(select(jobs.c.lease_owner).where(jobs.c.id == job_id)).one()
        return owner

    def stop(self, process: int) -> subprocess.Popen[bytes]:
        """Stop the worker that a process belongs to; it has ended when this returns."""
        worker = next(one for one in self.workers if str(process) in _children(one.pid))
        self.workers.remove(worker)
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE_S)
        return worker

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.store.close()


def _children(process: int) -> list[str]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [child for task in tasks for child in task.read_text().split()]


@contextmanager
def service(folder: Path, database: str | None = None, broker: str | None = None) -> Iterator[Service]:
    """A service without a worker."""
    made = Service(folder=folder, database=database, broker=broker, store=open_store(folder / "home", database))
    try:
        yield made
    finally:
        made.close()
