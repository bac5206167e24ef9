"""Which command a job came from: its strategy says so."""

from agent.domain import Job

OPTIMIZE = "rewrite"
JUDGE = "judge"
PROFILE = "profile"


def command_of(job: Job) -> str:
    """The command a person typed."""
    return "optimize" if job.strategy == OPTIMIZE else job.strategy
