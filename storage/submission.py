"""What is kept of a job of the service when it is submitted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.domain import Job, Spend
from agent.protocols import JobStatus
from storage.limits import Limits
from storage.rows import job_to_json, source_digest, spend_to_json


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is kept of a job beside what it asks."""

    tenant: str
    kind: str = "optimize"
    """`optimize` or `judgement`."""
    sealed: bytes | None = None
    """The job's credentials, encrypted."""
    patch: str | None = None
    """Digest of the patch to judge."""
    judged: bytes | None = field(default=None, repr=False)
    """That patch where it is not stored yet: it is once the tenant may have one more job, and not before."""
    key: str | None = None
    """The caller's Idempotency-Key."""
    digest: str = ""
    """SHA-256 of the request, for telling whether a key is used for another one."""
    limits: Limits = field(default_factory=Limits)
    """The tenant's."""


def row_of(job: Job, submission: Submission, moment: datetime) -> dict[str, Any]:
    """The row of a job that waits for its first worker."""
    return {
        "id": job.id,
        "created": job.created,
        "request": job_to_json(job),
        "status": JobStatus.QUEUED.value,
        "spend": spend_to_json(Spend()),
        "tenant": submission.tenant,
        "kind": submission.kind,
        "sealed": submission.sealed,
        "patch": submission.patch,
        "source_digest": source_digest(job.source),
        "usd": job.budget.usd if job.models else 0.0,
        "due": moment,
    }


def key_row_of(submission: Submission, job: Job) -> dict[str, Any]:
    """The row of the Idempotency-Key that it came with."""
    return {
        "tenant": submission.tenant,
        "key": submission.key,
        "digest": submission.digest,
        "job_id": job.id,
        "at": job.created,
    }
