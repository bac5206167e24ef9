"""Puts a job together: which sandbox, which memory, which proposers. With settings, the only place that knows."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from agent.baseline import prepare
from agent.domain import Job, Spend, StepKind
from agent.judging import judge_patch
from agent.kit import Kit
from agent.ledger import Ledger
from agent.models.gateway import paid_for
from agent.optimizer import optimize
from agent.policies.choose import ranker_of
from agent.protocols import Progress
from agent.result import BaselineSummary, JobResult, JudgeResult
from agent.reviewed import ReviewedArchive
from agent.scaffold import Scaffold, scaffold
from storage.leases import Lease
from storage.store import Store
from tools.git.trees import prune_trees, sweep_trees
from tools.measure.cores import CoreLocks
from tools.sandbox.contract import Sandbox
from tools.sandbox.select import open_sandbox
from workers.machine import describe_machine
from workers.models import make_chat, unplayed
from workers.place import place_of
from workers.settings import Settings

TREES_KEPT_S = 24 * 3600.0
"""How long the tree of a candidate stays after it was last used."""


def run_optimize(
    settings: Settings,
    job: Job,
    progress: Progress,
    store: Store,
    *,
    resume: bool,
    stacked: bool,
    record: Path | None = None,
) -> JobResult:
    """Run a job to its end; a resumed one goes on with what its journal and archive hold.

    `stacked` judges the trees between the kept diffs too, for a commit each; what models answer is written to `record`.
    """
    kit = wire(settings, job, progress, store, resume=resume)
    chat = None
    if job.models:
        chat = make_chat(settings, job.models, record, journal=kit.journal if resume else None, tell=progress.note)
    result = optimize(job, replace(kit, stacked=stacked, chat=chat))
    for problem in unplayed(chat):
        progress.note(problem)
    return result


def run_judge(settings: Settings, job: Job, patch: str, progress: Progress, store: Store) -> JudgeResult:
    """Judge anybody's patch against the unchanged code."""
    return judge_patch(job, patch, wire(settings, job, progress, store))


def run_profile(settings: Settings, job: Job, progress: Progress, store: Store) -> BaselineSummary:
    """Find where the time goes; nothing is changed or judged."""
    return prepare(job, wire(settings, job, progress, store)).summary()


def run_workload(settings: Settings, job: Job, progress: Progress, store: Store) -> Scaffold:
    """Make a workload file for the job's target; in a job with models the first of them writes it where need be."""
    kit = wire(settings, job, progress, store)
    if not job.models:
        return scaffold(job, kit)
    chat = make_chat(settings, job.models, None, tell=progress.note)
    return scaffold(job, replace(kit, chat=chat), model=job.models[0].name)


def spent_before(store: Store, job: Job) -> Spend:
    """What earlier runs of a job spent: time as last recorded, all else as the journal and the archive have it."""
    paid = paid_for(store.jobs.journal(job.id).steps(StepKind.REPLY))
    judged = len(store.jobs.archive(job.id).entries())
    return replace(paid, wall_s=store.jobs.state(job.id).spend.wall_s, candidates=judged)


def wire(settings: Settings, job: Job, progress: Progress, store: Store, *, resume: bool = False) -> Kit:
    """The tools of one job on this host."""
    sandbox = open_sandbox(job.sandbox, docker_socket=settings.docker_socket)
    for sentence in sandbox.degraded:
        progress.note(f"degraded sandbox: {sentence}")
    sandbox.sweep()
    sweep_trees(settings.home)
    prune_trees(settings.home, unused_for_s=TREES_KEPT_S)
    return make_kit(settings, job, progress, store, sandbox, resume=resume)


def make_kit(
    settings: Settings,
    job: Job,
    progress: Progress,
    store: Store,
    sandbox: Sandbox,
    *,
    resume: bool,
    lease: Lease | None = None,
) -> Kit:
    """The tools of one job in a sandbox that is open; with a `lease` all that it writes is written under its fence."""
    ledger = Ledger(job.budget, spent_before(store, job) if resume else None)
    said = partial(store.reviews.of, job.id)
    return Kit(
        home=settings.home,
        place=place_of(settings.home),
        sandbox=sandbox,
        journal=store.jobs.journal(job.id, lease),
        archive=ReviewedArchive(store.jobs.archive(job.id, lease), said),
        reviews=said,
        blobs=store.blobs,
        own_blobs=store.own_blobs,
        ledger=ledger,
        progress=progress,
        cores=CoreLocks(settings.core_locks, ledger.excuse),
        machine=lambda: describe_machine(sandbox),
        calibrations=store.calibrations,
        playbook=store.playbook if settings.playbook else None,
        ranker=ranker_of(job.strategy),
        git_env=settings.git_environment(),
        index_env=settings.index_environment(),
    )
