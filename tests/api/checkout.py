"""A checkout to ask for, and what a home remembers of it."""

import subprocess
from pathlib import Path

from agent.protocols import JobStatus
from storage.store import open_store


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def last_job(home: Path) -> str:
    with open_store(home) as store:
        return store.jobs.list()[0].id


def status_of(home: Path, job_id: str) -> JobStatus:
    with open_store(home) as store:
        return store.jobs.state(job_id).status
