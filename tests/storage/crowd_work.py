"""What each process of a crowd does; it imports nothing that the crowd's processes do not share from the start."""

from datetime import UTC, datetime

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from storage.leases import LeaseLost
from storage.store import Store
from storage.submission import Submission
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def submit(store: Store, job_id: str, key: str | None = None) -> str:
    job = Job(id=job_id, source="https://example.org/x", created=NOON)
    return store.queue.submit(job, Submission(tenant="acme", key=key, digest="d"))


def append(store: Store, job_ids: list[str], number: int) -> list[int]:
    return [store.jobs.journal(job_id).append(StepKind.NOTE, "x").number for job_id in job_ids for _ in range(number)]


def claim(store: Store, job_ids: list[str], owner: str) -> list[tuple[str, int]]:
    leases = [store.queue.claim(job_id, owner) for job_id in job_ids]
    return [(lease.job_id, lease.fence) for lease in leases if lease]


def send(store: Store, keys: list[str], me: int) -> list[str]:
    return [submit(store, f"{key}{me}", key) for key in keys]


def sweep(store: Store, times: int) -> list[str]:
    return [name for _ in range(times) for name in store.queue.sweep()]


def work(store: Store, job_ids: list[str], owner: str) -> int:
    """Take what waits, write a step for each round, give it back; until all have ended."""
    written, left = 0, list(job_ids)
    while left:
        name = left.pop(0)
        lease = store.queue.claim(name, owner)
        if lease is None:
            if store.jobs.state(name).status is not JobStatus.FINISHED:
                left.append(name)
            continue
        number = store.jobs.journal(name, lease).append(StepKind.NOTE, owner).number
        written += 1
        store.queue.heartbeat(lease)
        if number == 5:
            store.queue.end(lease, JobStatus.FINISHED)
        else:
            store.queue.hand_over(lease, Spend(candidates=number))
            left.append(name)
        try:
            store.queue.heartbeat(lease)
        except LeaseLost:
            continue
        raise AssertionError(f"{name} is still held")
    return written


def refuse(store: Store, key: str, me: int) -> bool:
    job = Job(id=f"j{me}", source="/x", created=NOON)
    try:
        store.queue.submit(job, Submission(tenant="acme", key=key, digest=f"d{me}"))
    except UserError as error:
        return error.status == 422
    return False
