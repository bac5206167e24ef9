"""Leases: who works on a job of the service, until when, and what makes a write of anybody else's fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, select, update

from storage.tables import jobs
from tools.errors import HastenError


class LeaseLost(HastenError):
    """Another worker holds the job now, or its row is gone: whoever still works on it stops and writes nothing."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A job held by one worker; every claim has a higher `fence` than the one before."""

    job_id: str
    owner: str
    fence: int
    attempt: int
    deaths: int
    """How many workers died in a row while they held the job."""
    failures: int = 0
    """How many rounds in a row failed for want of something of the host's or the network's."""


def owned(
    connection: Connection,
    job_id: str,
    lease: Lease | None,
    values: Mapping[Any, Any] | None = None,
    *returned: Column[Any],
) -> Row[Any]:
    """Lock the job's row until the transaction ends, under the lease's fence, and change `values` of it.

    Returns the columns asked for as they then are. Raises LeaseLost where the fence is no longer the job's.
    """
    query = update(jobs).where(jobs.c.id == job_id)
    if lease is not None:
        query = query.where(jobs.c.fence == lease.fence, jobs.c.lease_owner == lease.owner)
    changed = query.values(values or {jobs.c.fence: jobs.c.fence}).returning(*(returned or (jobs.c.id,)))
    row = connection.execute(changed).first()
    if row is None:
        raise LeaseLost(f"job {job_id} is no longer this worker's")
    return row


def let_go(connection: Connection, lease: Lease) -> bool:
    """Whether the lease's own holder gave the job back, and nobody has taken it since."""
    query = select(jobs.c.fence, jobs.c.lease_owner).where(jobs.c.id == lease.job_id).with_for_update()
    row = connection.execute(query).first()
    return row is not None and row.fence == lease.fence and row.lease_owner is None
