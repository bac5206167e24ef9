"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from agent.domain import Budget, Goal, Job
from agent.selectors.names import NAMES as SELECTORS
from tools.sandbox.select import NAMES

MAX_CANDIDATES = Budget().candidates
BUDGET_S = Budget().wall_s
MAX_USD = Budget().usd
MAX_TOKENS = Budget().tokens
MAX_MODEL_CALLS = Budget().model_calls
STRATEGY = Job.strategy
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
MinGain = Annotated[
    float | None,
    typer.Option(
        help=f"Smallest gain kept, as a fraction of time; without it what hasten.toml says, else {Goal.min_gain:g}.",
        metavar="FRACTION",
        show_default=False,
    ),
]
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
