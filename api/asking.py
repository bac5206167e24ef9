"""What may be asked of a job, by whoever asks: the command line and the service make theirs here."""

import math
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from agent.domain import Budget, Goal, Job, Model
from agent.policies.choose import checked
from agent.selectors.names import NAMES as SELECTORS
from tools.compiler.functions import is_native
from tools.errors import UserError
from tools.git.source import (
    ARCHIVE_SUFFIXES,
    AT_HOME,
    Admission,
    ArchiveSource,
    LocalSource,
    check_ref,
    check_subdirectory,
    parse_source,
)
from tools.sandbox.select import NAMES
from workers.settings import Settings

JUDGE, PROFILE, WORKLOAD = "judge", "profile", "workload"
"""What stands as the strategy of jobs that search for nothing."""

OF_OPTIONS: Mapping[str, str] = {
    "min_gain": "--min-gain",
    "candidates": "--max-candidates",
    "wall_s": "--budget-s",
    "usd": "--max-usd",
    "tokens": "--max-tokens",
    "model_calls": "--max-model-calls",
    "seed": "--seed",
    "target": "--target",
    "bench": "--bench",
    "workload": "--workload",
}
"""What the command line calls each thing that can be wrong."""

_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NATIVE_TARGET = re.compile(r"(?P<path>[^:\0]+):[^:\0].*")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, before it was looked at."""

    source: str
    ref: str | None = None
    subdirectory: str = ""
    target: str | None = None
    since: str | None = None
    fresh: bool = False
    bench: str | None = None
    workload: Path | None = None
    """A file of this host."""
    workload_text: str | None = None
    workload_path: str | None = None
    """A file of the repository."""
    recipe: Mapping[str, object] | None = None
    """Keys of hasten.toml laid over the repository's own."""
    min_gain: float | None = None
    hoped_gain: float | None = None
    """Without both the goal is what the project's own settings say."""
    budget: Budget = field(default_factory=Budget)
    models: tuple[Model, ...] = ()
    sandbox: str | None = None
    seed: int = 0
    strategy: str = Job.strategy
    """How to search, or what stands there for a job that does not."""
    selector: str = Job.selector


def make_job(
    request: Request, settings: Settings, names: Mapping[str, str] = OF_OPTIONS, admission: Admission = AT_HOME
) -> Job:
    """The job that is asked for; raises UserError, one sentence, for what cannot be meant.

    `names` is what whoever asks calls each thing that can be wrong, `admission` which repositories they may name.
    """
    _check_numbers(request, names)
    _check_workload(request, names)
    return Job(
        id=secrets.token_hex(4),
        source=_absolute(request.source, admission),
        ref=None if request.ref is None else check_ref(request.ref),
        subdirectory=check_subdirectory(request.subdirectory),
        goal=_goal(request),
        budget=request.budget,
        strategy=check_strategy(request.strategy),
        models=request.models,
        selector=check_selector(request.selector),
        seed=request.seed,
        target=request.target,
        fresh=request.fresh,
        since=None if request.since is None else check_ref(request.since),
        bench=request.bench,
        workload=None if request.workload is None else str(request.workload.absolute()),
        workload_text=request.workload_text,
        workload_path=request.workload_path,
        recipe=request.recipe,
        sandbox=check_sandbox(request.sandbox or settings.sandbox),
        created=datetime.now(UTC),
    )


def check_strategy(text: str) -> str:
    """How to search, as given; raises UserError for what names no strategy."""
    return text if text in (JUDGE, PROFILE, WORKLOAD) else checked(text)


def check_selector(name: str) -> str:
    """A selector's name, as given; raises UserError for one there is not."""
    if name not in SELECTORS:
        raise UserError(f"there is no selector {name!r}; choose one of: {', '.join(SELECTORS)}")
    return name


def check_sandbox(name: str) -> str:
    """A sandbox's name, as given; raises UserError for one there is not."""
    if name not in NAMES:
        raise UserError(f"there is no sandbox {name!r}; choose one of: {', '.join(NAMES)}")
    return name


def _goal(request: Request) -> Goal | None:
    gain, hoped = request.min_gain, request.hoped_gain
    if gain is None and hoped is None:
        return None
    return Goal(min_gain=Goal.min_gain if gain is None else gain, hoped_gain=hoped)


def _check_numbers(request: Request, names: Mapping[str, str]) -> None:
    goal = _goal(request) or Goal()
    budget, gain, hoped = request.budget, goal.min_gain, goal.hoped_gain
    if not 0 <= gain < 1:
        raise UserError(f"{names['min_gain']} is a fraction from 0 to below 1, such as 0.02 for 2 %, not {gain:g}")
    if hoped is not None and not gain <= hoped < 1:
        raise UserError(f"{names['hoped_gain']} is a fraction from {names['min_gain']} to below 1, not {hoped:g}")
    if budget.candidates < 1:
        raise UserError(f"{names['candidates']} is a number of at least 1, not {budget.candidates}")
    if not 1 <= budget.wall_s < math.inf:
        raise UserError(f"{names['wall_s']} is a time of at least 1 second, not {budget.wall_s:g}")
    if not 0 <= budget.usd < math.inf:
        raise UserError(f"{names['usd']} is an amount of at least 0 dollars, not {budget.usd:g}")
    for name, number in (("tokens", budget.tokens), ("model_calls", budget.model_calls), ("seed", request.seed)):
        if number < 0:
            raise UserError(f"{names[name]} is a number of at least 0, not {number}")


def _check_workload(request: Request, names: Mapping[str, str]) -> None:
    if request.target is not None and not _is_target(request.target):
        raise UserError(
            f"{names['target']} is module:function, such as package.module:Class.method, or path/to/file.c:function, "
            f"not {request.target!r}"
        )
    if request.bench is not None and request.workload is not None:
        raise UserError(f"{names['bench']} and {names['workload']} both say what to measure; give one of them")
    if request.bench is not None and not request.bench.strip():
        raise UserError(f"{names['bench']} is a command, such as 'python bench.py', not an empty text")
    if request.workload is not None and not request.workload.is_file():
        raise UserError(f"{names['workload']}: there is no file {request.workload}", status=404)


def _is_target(text: str) -> bool:
    native = _NATIVE_TARGET.fullmatch(text)
    return bool(_TARGET.fullmatch(text) or (native and is_native(native["path"])))


def _absolute(source: str, admission: Admission) -> str:
    """Local paths are kept absolute, so that a job can be resumed and repeated from anywhere."""
    parsed = parse_source(source, admission)
    if not isinstance(parsed, LocalSource | ArchiveSource):
        return source
    if isinstance(parsed, LocalSource) and not os.path.isdir(parsed.path):  # False for a name that is too long
        kinds = ", ".join(ARCHIVE_SUFFIXES)
        is_file = f"is a file; give the repository's folder, or an archive ({kinds})"
        why = is_file if os.path.exists(parsed.path) else "does not exist"
        raise UserError(f"{parsed.path} {why}", status=404)
    return str(parsed.path)
