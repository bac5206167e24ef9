"""The subject, set up as the product sets up any project, in a home of its own."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent.baseline import Baseline, prepare
from agent.domain import Job
from agent.kit import Kit
from benchmarks.measuring.changes import FOLDER
from storage.store import open_store
from workers.settings import read_settings
from workers.wiring import wire


@contextmanager
def prepared(workload: str) -> Iterator[tuple[Job, Kit, Baseline]]:
    """A job with one of the subject's workload files named."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "subject"
        shutil.copytree(FOLDER, source, ignore=shutil.ignore_patterns("__pycache__"))
        settings = read_settings().model_copy(update={"home": Path(scratch) / "home"})
        job = Job(
            id=secrets.token_hex(6),
            source=str(source),
            workload=str(source / "workloads" / workload),
            created=datetime.now(UTC),
        )
        with open_store(settings.home) as store:
            store.jobs.create(job)
            kit = wire(settings, job, _Silence(), store)
            yield job, kit, prepare(job, kit)


class _Silence:
    """A progress that nobody watches."""

    def phase(self, name: str, detail: str = "") -> None: ...
    def note(self, text: str) -> None: ...
    def candidate(self, candidate: object, activity: str) -> None: ...
    def verdict(self, candidate: object, verdict: object) -> None: ...
    def spent(self, spend: object) -> None: ...
