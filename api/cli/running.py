"""A job from its first moment to its last: claimed, followed, and left in a state that says how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from agent.domain import Job
from agent.protocols import JobStatus
from api.cli import signals
from api.cli.commands import program
from api.cli.failures import tell
from api.cli.progress import ConsoleProgress
from api.legible import line
from storage.store import Store
from tools.errors import UserError


@contextmanager
def begun(store: Store, job: Job, console: Console, command: str) -> Iterator[ConsoleProgress]:
    """A new job of a command that is over in one go: kept, announced and followed as `running` does."""
    store.jobs.create(job)
    console.print(Text.assemble((f"hasten {command} ", "bold"), line(job.source), (f"   job {job.id}", "dim")))
    with running(store, job, console, resumable=False) as progress:
        yield progress


@contextmanager
def running(store: Store, job: Job, console: Console, *, resumable: bool) -> Iterator[ConsoleProgress]:
    """Show the job's progress; where it does not come to its end, the store says so and the person is told.

    The caller ends a job that ran to its end by `store.jobs.finish`.
    """
    progress = ConsoleProgress(
        console,
        job.budget,
        before=store.jobs.state(job.id).spend,
        on_spend=lambda spend: store.jobs.record_spend(job.id, spend),
    )
    try:
        with progress:
            yield progress
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or signals.interrupted():  # or what came of it while all was unwound
            store.jobs.finish(job.id, JobStatus.INTERRUPTED, detail="stopped by a person")
            goes_on = f"; `{program()} optimize --resume {job.id}` goes on" if resumable else ""
            tell(console, f"stopped{goes_on}")
        else:
            sentence = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            store.jobs.finish(job.id, JobStatus.FAILED, detail=sentence)
            if resumable and (judged := len(store.jobs.archive(job.id).entries())):
                said = f"{judged} candidate{'s' * (judged != 1)} judged so far stay{'s' * (judged == 1)}"
                goes_on = f"`{program()} optimize --resume {job.id}` goes on"
                tell(console, f"{said}: `{program()} show {job.id}`; {goes_on}")
        raise
