"""A desk over a few files, with a job and a memory, and nothing that could be run: for what is only told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from silent import Silence

from agent.baseline import Baseline
from agent.desk import Desk
from agent.domain import UNCHANGED, Directive, Goal, Job, Model
from agent.kit import Kit
from agent.ledger import Ledger
from agent.protocols import Playbook
from storage.memory import MemoryBlobs, MemoryJobs
from tools.git.snapshot import Snapshot
from tools.profile.targets import Target

NOON = datetime(2026, 4, 5, 12, tzinfo=UTC)
SOURCE = "https://example.org/shop"


def paper_baseline(folder: Path, files: Mapping[str, str], source: str = SOURCE) -> Baseline:
    """What a prompt reads of a baseline: the files, some tests and one hot function each."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    snapshot = Snapshot(source=source, commit="c" * 40, tree=folder)
    targets = tuple(
        Target(
            module=path.removesuffix(".py").replace("/", "."),
            qualname="match",
            path=path,
            line=1,
            own_share=0.5,
            cumulative_share=0.75,
            covered_by=3,
        )
        for path in files
        if path.endswith(".py")
    )
    return cast(
        Baseline,
        SimpleNamespace(
            snapshot=snapshot,
            recipe=SimpleNamespace(sources=(".",), off_limits=()),
            environment=SimpleNamespace(python_version="3.12.1"),
            suite=SimpleNamespace(stable={"test_a": "passed"}, seconds=0.5),
            targets=targets,
            named=(),
            benchmarks=(),
            goal=Goal(),
        ),
    )


def paper_kit(job: Job, playbook: Playbook | None = None) -> Kit:
    """A memory for one job; its sandbox and its cores are not there."""
    jobs = MemoryJobs()
    jobs.create(job)
    nothing: Any = None
    return Kit(
        home=Path("/dev/null/home"),  # where nothing can be written, not even by root
        sandbox=nothing,
        journal=jobs.journal(job.id),
        archive=jobs.archive(job.id),
        blobs=MemoryBlobs(),
        ledger=Ledger(job.budget),
        progress=Silence(),
        cores=nothing,
        machine=dict,
        playbook=playbook,
    )


def paper_job() -> Job:
    return Job(id="a1", source=SOURCE, created=NOON, models=(Model(name="test:one"),))


def paper_desk(
    folder: Path, files: Mapping[str, str], *, playbook: Playbook | None = None, kit: Kit | None = None, **asked: Any
) -> Desk:
    """A session's desk; `asked` are fields of its directive."""
    job = paper_job()
    directive = {
        "round": 1,
        "parent": UNCHANGED,
        "proposer": "session",
        "target": "shop:match",
        "method": "refine",
        "model": "test:one",
        **asked,
    }
    return Desk(
        job=job,
        baseline=paper_baseline(folder, files),
        directive=Directive(**directive),
        kit=kit or paper_kit(job, playbook),
    )
