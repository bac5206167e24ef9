"""Taking the code of a job and nothing more."""

from agent.domain import Job
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot
from workers.settings import Settings


def take(settings: Settings, job: Job) -> Snapshot:
    """The code that a job asks for, laid out; raises UserError where it cannot be had."""
    return take_snapshot(
        job.source,
        ref=job.ref,
        subdirectory=job.subdirectory,
        home=settings.home,
        extra_env=settings.git_environment(),
        index_env=settings.index_environment(),
    )
