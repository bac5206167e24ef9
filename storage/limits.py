"""What a tenant may have at once, in a day and in a month, and the most that one job may ask for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, case, func, select, text, union_all

from agent.domain import Budget, Job
from agent.protocols import JobStatus
from storage.tables import jobs, spent, tenants
from tools.errors import UserError

DAY_S = 24 * 3600
DEFAULT: Final = "default"
"""Of a tenant that has no number of days of its own: the service's settings hold."""
Days = int | Literal["default"] | None
QUEUE_RETRY_S = 60
"""After how long it is worth trying again where the queue is full."""
ENDED = (JobStatus.FINISHED.value, JobStatus.FAILED.value, JobStatus.CANCELLED.value)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A tenant's; None is no limit."""

    queued_jobs: int | None = None
    """Waiting for their first worker."""
    running_jobs: int | None = None
    """At once; those beyond it wait in the queue, so that others have their turn."""
    jobs_per_day: int | None = None
    """Within any 24 hours."""
    usd_per_month: float | None = None
    """Of models, in a calendar month in UTC; a job that has not ended counts with its whole budget."""
    requests_per_s: float | None = 300.0
    """Of one key, on average; twice as many may come at once."""
    job_wall_s: float = 86_400.0
    job_candidates: int = 10_000
    job_model_calls: int = 100_000
    job_tokens: int = 1_000_000_000
    job_usd: float = 1_000.0
    keep_jobs_days: Days = DEFAULT
    """Its ended jobs are removed whole after so many; None keeps them for ever."""
    keep_steps_days: Days = DEFAULT
    """Likewise their conversations and raw samples."""


NEW_TENANT = Limits(queued_jobs=1_000, running_jobs=20, jobs_per_day=10_000, usd_per_month=1_000.0, requests_per_s=20.0)
"""What a tenant has that is made without saying more; the tenant `main` has no limits but those of one job."""


class QuotaError(UserError):
    """A tenant has as much as it may; `retry_after_s` says when there may be room again."""

    def __init__(self, message: str, *, status: int = 429, retry_after_s: int) -> None:
        super().__init__(message, status=status)
        self.retry_after_s = retry_after_s


def limits_of(kept: Mapping[str, Any]) -> Limits:
    """A tenant's limits from what is kept of them: where they differ from the usual ones."""
    known = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in kept.items() if name in known})


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """What is kept of a tenant's limits."""
    usual = asdict(Limits())
    return {name: value for name, value in asdict(limits).items() if value != usual[name]}


def check_budget(budget: Budget, limits: Limits) -> None:
    """Raises UserError (403) where a job asks for more than one job of the tenant may."""
    caps = {
        "wall_s": (limits.job_wall_s, "seconds"),
        "candidates": (limits.job_candidates, "candidates"),
        "model_calls": (limits.job_model_calls, "model calls"),
        "tokens": (limits.job_tokens, "tokens"),
        "usd": (limits.job_usd, "dollars"),
    }
    for name, (most, unit) in caps.items():
        asked = getattr(budget, name)
        if asked > most:
            raise UserError(
                f"budget.{name} is {asked:g}, and a job of this tenant may have at most {most:g} {unit}; ask for less",
                status=403,
            )


def within(limits: Limits) -> Budget:
    """What a job has that asks for no budget: the usual one, or the tenant's caps where they are lower."""
    usual = Budget()
    return Budget(
        wall_s=min(usual.wall_s, limits.job_wall_s),
        candidates=min(usual.candidates, limits.job_candidates),
        model_calls=min(usual.model_calls, limits.job_model_calls),
        tokens=min(usual.tokens, limits.job_tokens),
        usd=min(usual.usd, limits.job_usd),
    )


def check_quotas(connection: Connection, tenant: str, limits: Limits, job: Job, moment: datetime) -> None:
    """Raises QuotaError where one more job is too many; holds the tenant's row, so that no two are counted at once."""
    quotas = (limits.queued_jobs, limits.jobs_per_day, limits.usd_per_month)
    if all(quota is None for quota in quotas):
        return
    hold(connection, tenant)
    mine = select(func.count()).where(jobs.c.tenant == tenant)
    if limits.queued_jobs is not None:
        queued = connection.execute(mine.where(jobs.c.status == JobStatus.QUEUED.value)).scalar_one()
        if queued >= limits.queued_jobs:
            raise QuotaError(
                f"{queued} jobs of this tenant wait already, and at most {limits.queued_jobs} may; "
                "wait for some to begin, or cancel some",
                retry_after_s=QUEUE_RETRY_S,
            )
    if limits.jobs_per_day is not None:
        _check_day(connection, tenant, limits.jobs_per_day, moment)
    if limits.usd_per_month is not None and job.models:
        _check_month(connection, tenant, limits.usd_per_month, job.budget.usd, moment)


def check_import(connection: Connection, tenant: str, limits: Limits, moment: datetime) -> None:
    """Raises QuotaError where one more job of today is too many, also one that is taken in; holds the tenant's row."""
    if limits.jobs_per_day is not None:
        hold(connection, tenant)
        _check_day(connection, tenant, limits.jobs_per_day, moment)


def _check_day(connection: Connection, tenant: str, most: int, moment: datetime) -> None:
    begins = moment - timedelta(seconds=DAY_S)
    submitted = select(jobs.c.created.label("at")).where(jobs.c.created > begins, jobs.c.imported.is_(None))
    taken_in = select(jobs.c.imported.label("at")).where(jobs.c.imported > begins)
    some = [one.where(jobs.c.tenant == tenant).order_by(text("at DESC")).limit(most) for one in (submitted, taken_in)]
    both = union_all(*(select(one.subquery()) for one in some)).subquery()
    newest = select(both.c.at).order_by(both.c.at.desc()).limit(most).subquery()
    count, oldest = connection.execute(select(func.count(), func.min(newest.c.at)).select_from(newest)).one()
    if count >= most:
        left_s = DAY_S if oldest is None else DAY_S - (moment - oldest).total_seconds()
        raise QuotaError(
            f"this tenant may submit or import {most} jobs within 24 hours, and has; try again later, or ask for a "
            "higher limit",
            retry_after_s=max(1, round(left_s)),
        )


def month_of(moment: datetime) -> str:
    """The month that dollars count in, such as `2026-11`."""
    return f"{moment:%Y-%m}"


def check_month_again(connection: Connection, tenant: str, limits: Limits, moment: datetime) -> None:
    """Raises QuotaError where a job that was just queued again sets aside more dollars than the month has left."""
    if limits.usd_per_month is not None:
        hold(connection, tenant)
        _check_month(connection, tenant, limits.usd_per_month, 0.0, moment)


def hold(connection: Connection, tenant: str) -> None:
    """Hold a tenant's row until the transaction ends: what it may have is counted by one at a time."""
    connection.execute(select(tenants.c.id).where(tenants.c.id == tenant).with_for_update(key_share=True))


def _check_month(connection: Connection, tenant: str, most_usd: float, asked_usd: float, moment: datetime) -> None:
    begins = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    each = case((jobs.c.status.in_(ENDED), jobs.c.spend["usd"].as_float()), else_=jobs.c.usd)
    paid = (jobs.c.tenant == tenant) & (jobs.c.usd > 0)
    again = (jobs.c.created < begins) & (jobs.c.retried >= begins)
    there = 0.0
    for of_month in (jobs.c.created >= begins, again):
        there += connection.execute(select(func.coalesce(func.sum(each), 0.0)).where(paid, of_month)).scalar_one()
    removed = select(spent.c.usd).where(spent.c.tenant == tenant, spent.c.month == month_of(moment))
    taken = there + (connection.scalars(removed).first() or 0.0)
    if taken + asked_usd > most_usd:
        this = f"and this one asks for up to {asked_usd:g}" if asked_usd else "this one among them"
        following = (begins + timedelta(days=32)).replace(day=1)
        raise QuotaError(
            f"this tenant may spend {most_usd:g} dollars a month: {taken:.2f} are spent or set aside for jobs that "
            f"have not ended, {this}; ask for a smaller budget.usd",
            status=403,
            retry_after_s=max(1, round((following - moment).total_seconds())),
        )
