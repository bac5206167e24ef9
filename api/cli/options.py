"""The options that several commands share, and what may stand in them."""

import math
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from agent.domain import Budget, Goal, Job, Model
from agent.selectors.names import NAMES as SELECTORS
from tools.compiler.functions import is_native
from tools.errors import UserError
from tools.git.source import ARCHIVE_SUFFIXES, ArchiveSource, LocalSource, check_ref, check_subdirectory, parse_source
from tools.sandbox.select import NAMES
from workers.settings import Settings

MIN_GAIN = Goal().min_gain
MAX_CANDIDATES = Budget().candidates
BUDGET_S = Budget().wall_s
MAX_USD = Budget().usd
MAX_TOKENS = Budget().tokens
MAX_MODEL_CALLS = Budget().model_calls
STRATEGY = "portfolio"
SELECTOR = Job.selector

Repository = Annotated[
    str,
    typer.Argument(
        help="A folder, an archive, an https URL, or pypi:NAME==VERSION.", metavar="REPO", show_default=False
    ),
]
Ref = Annotated[str | None, typer.Option(help="A branch, tag or commit; of a local checkout HEAD.", show_default=False)]
Subdirectory = Annotated[
    str, typer.Option(help="Where the project stands inside the repository.", metavar="PATH", show_default=False)
]
Target = Annotated[
    str | None,
    typer.Option(
        help="The code to change or to call; of C and C++ the file's path in place of the module.",
        metavar="MODULE:FUNCTION",
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Only functions changed since the merge base with this branch, tag or commit.",
        metavar="REF",
        show_default=False,
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Run tests and profile again, though they are known of this commit.")
]
Bench = Annotated[
    str | None,
    typer.Option(help="A command worth making faster, {seed} where it takes one.", metavar="COMMAND"),
]
Workload = Annotated[
    Path | None,
    typer.Option(help="A Python file with make_input(seed, size) and run(input).", metavar="FILE", show_default=False),
]
MinGain = Annotated[float, typer.Option(help="Smallest gain kept, as a fraction of time.", metavar="FRACTION")]
MaxCandidates = Annotated[int, typer.Option(help="Judge at most this many candidates.", metavar="N")]
BudgetSeconds = Annotated[float, typer.Option("--budget-s", help="Take at most this long.", metavar="SECONDS")]
Strategy = Annotated[
    str, typer.Option(help="How to search, such as 'best_of_n(n=8)'; see `hasten strategies`.", metavar="NAME")
]
Selector = Annotated[
    str, typer.Option(help=f"Which kept diffs are delivered: {' or '.join(SELECTORS)}.", metavar="NAME")
]
ModelNames = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="A language model to ask, such as openai:gpt-5-mini; may be given several times.",
        metavar="PROVIDER:NAME",
        show_default=False,
    ),
]
MaxUsd = Annotated[float, typer.Option("--max-usd", help="Models may cost at most this.", metavar="DOLLARS")]
MaxTokens = Annotated[int, typer.Option(help="Models may read and write at most this many tokens.", metavar="N")]
MaxModelCalls = Annotated[int, typer.Option(help="Ask models at most this often.", metavar="N")]
Record = Annotated[
    Path | None,
    typer.Option(help="Write what models answer there, to be replayed.", metavar="FILE", show_default=False),
]
SandboxName = Annotated[
    str | None, typer.Option("--sandbox", help=f"{' or '.join(NAMES)}.", metavar="NAME", show_default=False)
]
Seed = Annotated[int, typer.Option(help="What every random choice follows from.", metavar="N")]
JsonFile = Annotated[
    str | None,
    typer.Option("--json", help="Write the report there; - for standard output.", metavar="FILE", show_default=False),
]

_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NATIVE_TARGET = re.compile(r"(?P<path>[^:\0]+):[^:\0].*")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a command line asks for, before it was looked at."""

    source: str
    ref: str | None = None
    subdirectory: str = ""
    target: str | None = None
    since: str | None = None
    fresh: bool = False
    bench: str | None = None
    workload: Path | None = None
    recipe: Mapping[str, object] | None = None
    """Keys of hasten.toml laid over the repository's own; no option sets it, but a claim that is verified may."""
    min_gain: float = MIN_GAIN
    max_candidates: int = MAX_CANDIDATES
    budget_s: float = BUDGET_S
    max_usd: float = MAX_USD
    max_tokens: int = MAX_TOKENS
    max_model_calls: int = MAX_MODEL_CALLS
    models: tuple[Model, ...] = ()
    sandbox: str | None = None
    seed: int = 0
    strategy: str = STRATEGY
    selector: str = SELECTOR


def make_job(request: Request, settings: Settings) -> Job:
    """The job that is asked for; raises UserError, one sentence, for what cannot be meant."""
    _check_numbers(request)
    _check_workload(request)
    return Job(
        id=secrets.token_hex(4),
        source=_absolute(request.source),
        ref=None if request.ref is None else check_ref(request.ref),
        subdirectory=check_subdirectory(request.subdirectory),
        goal=Goal(min_gain=request.min_gain),
        budget=_budget(request),
        strategy=request.strategy,
        models=request.models,
        selector=check_selector(request.selector),
        seed=request.seed,
        target=request.target,
        fresh=request.fresh,
        since=None if request.since is None else check_ref(request.since),
        bench=request.bench,
        workload=None if request.workload is None else str(request.workload.absolute()),
        recipe=request.recipe,
        sandbox=check_sandbox(request.sandbox or settings.sandbox),
        created=datetime.now(UTC),
    )


def _budget(request: Request) -> Budget:
    return Budget(
        wall_s=request.budget_s,
        candidates=request.max_candidates,
        model_calls=request.max_model_calls,
        tokens=request.max_tokens,
        usd=request.max_usd,
    )


def _check_numbers(request: Request) -> None:
    if not 0 <= request.min_gain < 1:
        raise UserError(f"--min-gain is a fraction from 0 to below 1, such as 0.02 for 2 %, not {request.min_gain:g}")
    if request.max_candidates < 1:
        raise UserError(f"--max-candidates is a number of at least 1, not {request.max_candidates}")
    if not 1 <= request.budget_s < math.inf:
        raise UserError(f"--budget-s is a time of at least 1 second, not {request.budget_s:g}")
    if not 0 <= request.max_usd < math.inf:
        raise UserError(f"--max-usd is an amount of at least 0 dollars, not {request.max_usd:g}")
    for option, number in (("--max-tokens", request.max_tokens), ("--max-model-calls", request.max_model_calls)):
        if number < 0:
            raise UserError(f"{option} is a number of at least 0, not {number}")
    if request.seed < 0:
        raise UserError(f"--seed is a number of at least 0, not {request.seed}")


def _check_workload(request: Request) -> None:
    if request.target is not None and not _is_target(request.target):
        raise UserError(
            "--target is module:function, such as package.module:Class.method, or path/to/file.c:function, "
            f"not {request.target!r}"
        )
    if request.bench is not None and request.workload is not None:
        raise UserError("--bench and --workload both say what to measure; give one of them")
    if request.bench is not None and not request.bench.strip():
        raise UserError("--bench is a command, such as 'python bench.py', not an empty text")
    if request.workload is not None and not request.workload.is_file():
        raise UserError(f"--workload: there is no file {request.workload}", status=404)


def _is_target(text: str) -> bool:
    native = _NATIVE_TARGET.fullmatch(text)
    return bool(_TARGET.fullmatch(text) or (native and is_native(native["path"])))


def _absolute(source: str) -> str:
    """Local paths are kept absolute, so that a job can be resumed and repeated from anywhere."""
    parsed = parse_source(source)
    if not isinstance(parsed, LocalSource | ArchiveSource):
        return source
    if isinstance(parsed, LocalSource) and not os.path.isdir(parsed.path):  # False for a name that is too long
        kinds = ", ".join(ARCHIVE_SUFFIXES)
        is_file = f"is a file; give the repository's folder, or an archive ({kinds})"
        why = is_file if os.path.exists(parsed.path) else "does not exist"
        raise UserError(f"{parsed.path} {why}", status=404)
    return str(parsed.path)


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
