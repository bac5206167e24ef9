"""Seeds that nothing of a candidate can know: drawn from the job's own and what they are for."""

import hashlib

from agent.domain import Job


def seed_for(job: Job, *parts: object) -> int:
    """48 bits, the same for the same job and parts."""
    text = "\0".join([job.id, str(job.seed), *(str(part) for part in parts)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
