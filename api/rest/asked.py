"""What a request of the service may say of a job; a field that is not here is refused."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr

from agent.domain import Job
from api.rest.credentials import Name
from api.rest.strict import Flag, Real, Strict, Whole
from storage.credentials import MOST_CREDENTIALS, MOST_VALUE_CHARACTERS
from tools.git.source import MOST_SOURCE_CHARACTERS
from tools.recipe.hasten_toml import OF_JOB, HastenToml, check_keys
from tools.recipe.tables import GoalTable, WorkloadTable

MOST_PATCH_CHARACTERS = 800_000
MOST_SEED = 2**53 - 1
"""The largest number that every JSON reader keeps exact."""

Repository = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MOST_SOURCE_CHARACTERS,
        description="An https URL of a git repository or an archive, or `pypi:NAME==VERSION`.",
        examples=["https://github.com/owner/name"],
    ),
]
Ref = Annotated[str, Field(min_length=1, max_length=250, description="A branch, a tag or a commit.")]
Word = Annotated[str, Field(min_length=1, max_length=500)]


def _keys(table: Any) -> Any:
    """The sentences of `hasten.toml`, for what is written as there."""
    return check_keys(OF_JOB, table) if isinstance(table, Mapping) else table


class BudgetAsked(Strict):
    """The most a job may spend; what is left out is as usual, or the tenant's cap where that is lower."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"wall_s": 900, "usd": 2.5}]})

    wall_s: Real | None = Field(default=None, ge=1, le=10_000_000, description="Seconds of work.")
    candidates: Whole | None = Field(default=None, ge=1, le=1_000_000, description="Candidates judged.")
    model_calls: Whole | None = Field(default=None, ge=0, le=10_000_000, description="Questions to models.")
    tokens: Whole | None = Field(default=None, ge=0, le=10**13, description="Tokens of all models, both ways.")
    usd: Real | None = Field(default=None, ge=0, le=1_000_000, description="Dollars, of models whose price is known.")


class Asked(Strict):
    """What a job and a judgement have in common."""

    repository: Repository
    ref: Ref | None = Field(default=None, description="A branch, a tag or a commit; the default branch without.")
    subdirectory: str = Field(
        default="", max_length=1_024, description="Where the project stands inside the repository."
    )
    recipe: Annotated[HastenToml, BeforeValidator(_keys)] | None = Field(
        default=None, description="Keys of `hasten.toml`; they go before those of the repository, key by key."
    )
    goal: GoalTable | None = Field(
        default=None,
        description="What counts as worth having; what `hasten.toml` says where it is left out, else the usual.",
    )
    workload: WorkloadTable | None = Field(default=None, description="What is made faster, where you name it.")
    target: Word | None = Field(
        default=None, description="The code to change: `module:function`, of C and C++ `path/to/file.c:function`."
    )
    budget: BudgetAsked = Field(default=BudgetAsked(), description="The most it may spend.")
    credentials: dict[Name, Annotated[SecretStr, Field(min_length=1, max_length=MOST_VALUE_CHARACTERS)]] = Field(
        default={},
        max_length=MOST_CREDENTIALS,
        description="Secrets for this job alone, by name; they go before those of the tenant. They are stored "
        "encrypted, told to nobody, and forgotten when it has finished.",
        examples=[{"git:github.com": "ghs_example"}],
    )
    seed: Whole = Field(default=0, ge=0, le=MOST_SEED, description="What every random choice follows from.")


class JobAsked(Asked):
    """A repository to make faster."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "repository": "https://github.com/owner/name",
                    "ref": "main",
                    "goal": {"min_gain": 0.02},
                    "budget": {"wall_s": 900, "usd": 2.5},
                    "strategy": "portfolio",
                    "models": ["openai:gpt-5-mini"],
                    "workload": {"command": "python bench.py --seed {seed}"},
                },
                {"repository": "pypi:tabulate==0.9.0"},
            ]
        }
    )

    strategy: Word = Field(default=Job.strategy, description="How to search, such as `best_of_n(n=8)`.")
    selector: Word = Field(default=Job.selector, description="Which kept diffs are delivered first.")
    models: Annotated[list[Annotated[str, Field(min_length=1, max_length=300)]], Field(max_length=20)] | None = Field(
        default=None,
        description="Models to ask, such as `openai:gpt-5-mini`; none where the list is empty, those of the service "
        "where it is left out.",
    )
    since: Ref | None = Field(
        default=None, description="Only functions changed since the merge base with this branch, tag or commit."
    )
    fresh: Flag = Field(default=False, description="Use nothing that an earlier job found of the same commit.")


class JudgementAsked(Asked):
    """A patch to judge."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "repository": "https://github.com/owner/name",
                    "ref": "main",
                    "patch": "--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,2 @@\n def total(prices):\n"
                    "-    return slow_sum(prices)\n+    return sum(prices)\n",
                }
            ]
        }
    )

    patch: str = Field(
        min_length=1, max_length=MOST_PATCH_CHARACTERS, description="A unified diff, as `git diff` writes it."
    )
