"""Whose job begins next: a tenant that runs fewer than the others comes before them, however many jobs they submitted.

A message of the broker that names a job nobody has begun is a ticket: a worker that takes it begins the job whose turn
it is, and that job's own message begins another one in its place. So no order among tenants is kept but this one.
"""

from datetime import datetime

from sqlalchemy import Connection, func, select

from agent.protocols import JobStatus
from storage.limits import limits_of
from storage.tables import jobs, tenants


def has_turn(connection: Connection, job_id: str) -> bool:
    """Whether a queued job may begin now: its tenant has fewer running ones than it may. One that runs goes on.

    Holds the tenant's row where it may not have any number, so that no two begin at once in the last place.
    """
    theirs = select(jobs.c.tenant, jobs.c.status, tenants.c.limits).join(tenants, tenants.c.id == jobs.c.tenant)
    row = connection.execute(theirs.where(jobs.c.id == job_id)).first()
    most = limits_of(row.limits).running_jobs if row else None
    if row is None or most is None or row.status != JobStatus.QUEUED.value:
        return True
    connection.execute(select(tenants.c.id).where(tenants.c.id == row.tenant).with_for_update(key_share=True))
    running = select(func.count()).where(jobs.c.tenant == row.tenant, jobs.c.status == JobStatus.RUNNING.value)
    return connection.execute(running).scalar_one() < most


def next_in_turn(connection: Connection, job_id: str) -> str | None:
    """The job that its tenant has waited for longest, when this one has ended; None where none waits for a place."""
    theirs = select(jobs.c.tenant, tenants.c.limits).join(tenants, tenants.c.id == jobs.c.tenant)
    row = connection.execute(theirs.where(jobs.c.id == job_id)).first()
    if row is None or limits_of(row.limits).running_jobs is None:
        return None
    waiting = (jobs.c.tenant == row.tenant) & (jobs.c.status == JobStatus.QUEUED.value)
    oldest = select(jobs.c.id).where(waiting).order_by(jobs.c.created, jobs.c.id).limit(1)
    return connection.scalars(oldest).first()


def whose_turn(connection: Connection, job_id: str, moment: datetime) -> str | None:
    """The job to work on where a message names this one; None where there is nothing to do.

    A job that was begun and is held by nobody is gone on with. Else it is the oldest queued job of the tenant that runs
    the fewest, of those that may run one more.
    """
    known = select(jobs.c.status, jobs.c.lease_owner, tenants.c.id).outerjoin(tenants, tenants.c.id == jobs.c.tenant)
    named = connection.execute(known.where(jobs.c.id == job_id)).first()
    if named and named.status == JobStatus.RUNNING.value and named.lease_owner is None:
        return job_id
    theirs = jobs.c.tenant == tenants.c.id
    running = select(func.count()).where(theirs, jobs.c.status == JobStatus.RUNNING.value).scalar_subquery()
    queued = select(jobs.c.id).where(theirs, jobs.c.status == JobStatus.QUEUED.value, jobs.c.due <= moment)
    oldest = queued.order_by(jobs.c.created, jobs.c.id).limit(1).correlate(tenants).scalar_subquery()
    query = select(tenants.c.limits, running.label("running"), oldest.label("oldest"))
    found = []
    for row in connection.execute(query).all():
        most = limits_of(row.limits).running_jobs
        if row.oldest is not None and (most is None or row.running < most):
            found.append((row.running, row.oldest))
    if not found:
        of_nobody = named is not None and named.id is None and named.status == JobStatus.QUEUED.value
        return job_id if of_nobody else None  # its tenant was never made
    fewest = min(running for running, _ in found)
    return _oldest(connection, [oldest for running, oldest in found if running == fewest])


def _oldest(connection: Connection, job_ids: list[str]) -> str:
    query = select(jobs.c.id).where(jobs.c.id.in_(job_ids)).order_by(jobs.c.created, jobs.c.id).limit(1)
    first: str = connection.scalars(query).one()
    return first
