"""A job of the service on real code, stopped by a person while a real workload runs."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paper_service import PATIENCE_S, ROOT, STARTING_S, TENANT, Service, service

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from storage.queue import CANCEL
from storage.submission import Submission
from tools.sandbox.select import open_sandbox

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
sys.exit(work(Settings(home=Path(sys.argv[1]), allow_local_repositories=True, sandbox='none'), 1))
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path) as made:
        command = [sys.executable, "-c", WORKER, str(made.store.home)]
        made.workers.append(subprocess.Popen(command, cwd=ROOT, stderr=(tmp_path / "log").open("a")))
        made.until(lambda: made.store.workers.list(PATIENCE_S), patience_s=STARTING_S)
        yield made


def test_a_job_that_is_cancelled_while_it_measures_leaves_nothing_behind(running: Service, tmp_path: Path) -> None:
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
        sandbox="none",
    )
    running.store.queue.submit(job, Submission(tenant=TENANT))
    running.teller.tell(job.id)
    running.until(lambda: any(one.kind is StepKind.BASELINE for one in running.steps(job.id)), patience_s=200)
    [recipe] = [one for one in running.steps(job.id) if one.kind is StepKind.RECIPE]
    notes = recipe.data["notes"]
    assert isinstance(notes, list)
    assert "the job's recipe sets `off-limits`." in notes
    running.store.queue.want(job.id, TENANT, CANCEL)
    assert running.ended(job.id) is JobStatus.CANCELLED
    assert running.store.jobs.state(job.id).spend.wall_s > 0
    scratch = [path for folder in (running.store.home / "trees").glob("partial-*") for path in folder.iterdir()]
    assert [path for path in scratch if not path.name.startswith("pymp-")] == []  # those are a living process's own
    assert open_sandbox("none").sweep() == 0  # control groups of the dead; those of the living are gone, too
