"""What the service tells of jobs."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.domain import Job
from agent.protocols import JobStatus
from api.parts import spend_of
from api.report_parts import SpeedupPart, SpendPart
from storage.listing import JobRow
from tools.recipe.tables import GoalTable, WorkloadTable

Status = Literal["queued", "running", "paused", "finished", "failed", "cancelled"]
Kind = Literal["optimize", "judgement", "profile", "workload"]
Wanted = Literal["", "cancel", "pause"]


class Shown(BaseModel):
    """Every field is always there."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class BudgetShown(Shown):
    """The most it may spend."""

    wall_s: float
    candidates: int
    model_calls: int
    tokens: int
    usd: float


class CountsShown(Shown):
    """Its candidates so far."""

    judged: int = Field(description="Candidates that were judged.")
    kept: int = Field(description="Of these, kept.")


class JobSummary(Shown):
    """A job in a list."""

    id: str
    kind: Kind
    status: Status
    detail: str = Field(description="One sentence: why it failed, or how it ended.")
    wanted: Wanted = Field(description="What was asked of it and its worker has not seen yet: `cancel` or `pause`.")
    repository: str
    ref: str | None
    subdirectory: str
    target: str | None
    strategy: str
    models: list[str]
    created: datetime
    ended: datetime | None
    attempt: int = Field(description="How often it was begun again.")
    spend: SpendPart = Field(description="What it has spent so far.")
    candidates: CountsShown
    gain: SpeedupPart | None = Field(description="The speedup of what it delivers, once it has ended.")


class JobShown(JobSummary):
    """A job with all that was asked of it."""

    selector: str
    since: str | None
    fresh: bool
    seed: int
    goal: GoalTable | None = Field(description="None for what `hasten.toml` says, else the usual.")
    budget: BudgetShown
    workload: WorkloadTable | None
    recipe: dict[str, Any] | None = Field(description="Keys of `hasten.toml` that came with it.")
    sandbox: str


class JobPage(Shown):
    """A page of jobs, the newest first."""

    items: list[JobSummary]
    next: str | None = Field(description="The `cursor` of the next page; null after the last.")


def summary_of(row: JobRow) -> JobSummary:
    """A job as lists show it."""
    return JobSummary(**_summary(row))


def shown_of(row: JobRow) -> JobShown:
    """A job with all that was asked of it."""
    job = row.job
    return JobShown(
        **_summary(row),
        selector=job.selector,
        since=job.since,
        fresh=job.fresh,
        seed=job.seed,
        goal=GoalTable.model_construct(**asdict(job.goal)) if job.goal else None,
        budget=BudgetShown(**{name: getattr(job.budget, name) for name in BudgetShown.model_fields}),
        workload=_workload(job),
        recipe=None if job.recipe is None else dict(job.recipe),
        sandbox=job.sandbox,
    )


def status_of(status: JobStatus) -> Status:
    """One of six words: a job of the command line that was interrupted can be gone on with, as a paused one can."""
    return "paused" if status is JobStatus.INTERRUPTED else status.value  # type: ignore[return-value]


def _summary(row: JobRow) -> Mapping[str, Any]:
    job, state = row.job, row.state
    return {
        "id": job.id,
        "kind": row.kind,
        "status": status_of(state.status),
        "detail": state.detail,
        "wanted": row.wanted,
        "repository": job.source,
        "ref": job.ref,
        "subdirectory": job.subdirectory,
        "target": job.target,
        "strategy": job.strategy,
        "models": [model.name for model in job.models],
        "created": job.created,
        "ended": state.ended,
        "attempt": state.attempt,
        "spend": spend_of(state.spend),
        "candidates": CountsShown(judged=row.judged, kept=row.kept),
        "gain": None if row.gain is None else SpeedupPart.model_validate(row.gain),
    }


def _workload(job: Job) -> WorkloadTable | None:
    named = {"path": job.workload_path or job.workload, "text": job.workload_text, "command": job.bench}
    given = {name: value for name, value in named.items() if value is not None}
    return WorkloadTable.model_construct(**given) if given else None  # type: ignore[arg-type]
