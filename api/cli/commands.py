"""Which command a job came from, as its strategy says, and how to call the next one."""

import shlex
import shutil
import sys
from pathlib import Path

from agent.domain import Job
from api.asking import JUDGE, PROFILE, WORKLOAD
from api.legible import shown
from api.report import Report
from api.reporting import delivered_patch


def optimizes(job: Job) -> bool:
    """Whether a job searches: its strategy is none of the other commands."""
    return job.strategy not in (JUDGE, PROFILE, WORKLOAD)


def command_of(job: Job) -> str:
    """The command a person typed."""
    return "optimize" if optimizes(job) else job.strategy


def program() -> str:
    """What to type for `hasten` here: the path it was called by, where the shell would not find it by its name."""
    called = Path(sys.argv[0])
    if called.name != "hasten" or not called.is_file():
        return "hasten"
    found = shutil.which("hasten")
    if found and Path(found).resolve() == called.resolve():
        return "hasten"
    return _typed(called)


def take_command(report: Report) -> str:
    """What takes a job's patch into the checkout that it is for, from the folder where one stands; "" without one."""
    if not delivered_patch(report):
        return ""
    show = f"{program()} show {report.job} --patch"
    source = Path(report.snapshot.source)
    if not source.is_dir():
        return f"{show} | git apply"
    if report.snapshot.commit.startswith("tree:"):
        return f"{show} | patch -p1 -d {_typed(source)}"
    return f"{show} | git -C {_typed(source)} apply"


def _typed(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    near = path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path
    return shlex.quote(shown(str(near)))
