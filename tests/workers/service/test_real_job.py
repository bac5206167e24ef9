"""A job of the service on real code and in a real sandbox, over several tasks of two processes."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paper_service import PATIENCE_S, ROOT, STARTING_S, Service, service

from agent.domain import Budget, Job, StepKind
from agent.protocols import JobStatus
from storage.queue import Submission

MODULE = '''"""Parcels that stand in two lists."""


def common(left, right):
    """What stands in both, in the order of the left."""
    found = []
    for item in left:
        if item in right:
            found.append(item)
    return found
'''
TESTS = """from parcels import common


def test_common():
    assert common([3, 1, 2], [2, 3]) == [3, 2]
    assert common(list(range(300)), list(range(150, 450))) == list(range(150, 300))
"""
WORKLOAD = """import random

from parcels import common

sizes = (300, 600)


def make_input(seed, size):
    rng = random.Random(seed)
    return [rng.randrange(size) for _ in range(size)], [rng.randrange(size) for _ in range(size)]


def run(made):
    return common(*made)
"""
WORKER = """
import sys
from pathlib import Path
from api.working import work
from workers.settings import Settings
sys.exit(work(Settings(home=Path(sys.argv[1]), allow_local_repositories=True), 2))
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path) as made:
        command = [sys.executable, "-c", WORKER, str(made.store.home)]
        made.workers.append(subprocess.Popen(command, cwd=ROOT, stderr=(tmp_path / "log").open("a")))
        made.until(lambda: made.store.workers.list(PATIENCE_S), patience_s=STARTING_S)
        yield made


def test_a_real_job_is_kept_and_reported(running: Service, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "parcels.py").write_text(MODULE)
    (project / "test_parcels.py").write_text(TESTS)
    job = Job(
        id=secrets.token_hex(6),
        source=str(project),
        created=datetime.now(UTC),
        strategy="rewrite",
        workload_text=WORKLOAD,
        recipe={"off-limits": ["nothing.py"]},
        budget=Budget(wall_s=240.0, candidates=2),
    )
    running.store.queue.submit(job, Submission(tenant="acme"))
    running.teller.tell(job.id)
    running.until(lambda: running.status(job.id) in (JobStatus.FINISHED, JobStatus.FAILED), patience_s=200)
    assert running.status(job.id) is JobStatus.FINISHED, running.store.jobs.state(job.id).detail
    report = running.store.jobs.report(job.id)
    assert report is not None
    asked = report["asked"]
    assert isinstance(asked, dict)
    assert (asked["workload"], asked["recipe"]) == ("workload.py", {"off-limits": ["nothing.py"]})
    titles = [step.title for step in running.steps(job.id)]
    assert sum(title.startswith("prepared:") for title in titles) == 1  # whichever process prepared it again
    assert len([step for step in running.steps(job.id) if step.kind is StepKind.CALIBRATION]) == 1
    assert len(running.store.jobs.archive(job.id).entries()) >= 1
    assert [step.number for step in running.steps(job.id)] == list(range(1, len(titles) + 1))
