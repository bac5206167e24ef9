"""What the commands run: given by `workers.wiring`, or by whoever calls `main` with others."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.domain import Job
from agent.protocols import Progress
from agent.result import BaselineSummary, JobResult, JudgeResult
from agent.scaffold import Scaffold
from storage.store import Store
from tools.git.snapshot import Snapshot
from workers.settings import Settings


class OptimizeRunner(Protocol):
    """Runs a job to its end, or goes on with it where `resume`; the job is in the store already.

    `stacked` asks for the trees between the kept diffs to be judged too; `record` is where models' answers go.
    """

    def __call__(
        self,
        settings: Settings,
        job: Job,
        progress: Progress,
        store: Store,
        *,
        resume: bool,
        stacked: bool,
        record: Path | None,
    ) -> JobResult: ...


class JudgeRunner(Protocol):
    """Judges one patch; the job is in the store already."""

    def __call__(self, settings: Settings, job: Job, patch: str, progress: Progress, store: Store) -> JudgeResult: ...


class ProfileRunner(Protocol):
    """Finds where the time goes and changes nothing."""

    def __call__(self, settings: Settings, job: Job, progress: Progress, store: Store) -> BaselineSummary: ...


class WorkloadRunner(Protocol):
    """Makes a workload file for the job's target."""

    def __call__(self, settings: Settings, job: Job, progress: Progress, store: Store) -> Scaffold: ...


class SnapshotTaker(Protocol):
    """Takes the code that a job asks for, without running any of it."""

    def __call__(self, settings: Settings, job: Job) -> Snapshot: ...


@dataclass(frozen=True, kw_only=True)
class Runners:
    """One for each command that runs something."""

    optimize: OptimizeRunner
    judge: JudgeRunner
    profile: ProfileRunner
    workload: WorkloadRunner
    take: SnapshotTaker


def wired() -> Runners:
    """The real ones; imported here, because `hasten --help` needs none of it."""
    from workers import taking, wiring  # noqa: PLC0415

    return Runners(
        optimize=wiring.run_optimize,
        judge=wiring.run_judge,
        profile=wiring.run_profile,
        workload=wiring.run_workload,
        take=taking.take,
    )
