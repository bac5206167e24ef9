"""The jobs: most of them a few rounds of a scripted model on the sample, some of them real projects."""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.domain import Budget, Job, Model
from benchmarks.sdists import fetch
from benchmarks.service.ground import Ground
from benchmarks.service.sample import COMMAND, STRATEGY, TARGET, write_replies
from storage.rows import now
from storage.submission import Submission
from storage.tenants import MAIN
from workers.broker import make_tell

REAL = {
    "tabulate": ("tabulate==0.10.0", "e2cfde8f79420f6deeffdeda9aaec3b6bc5abce947655d17ac662b126e48a60d"),
    "simpy": ("simpy==4.1.1", "06d0750a7884b11e0e8e20ce0bc7c6d4ed5f1743d456695340d13fdff95001a6"),
    "click": ("click==8.1.7", "ca9853ad459e787e2192211578cc907e7594e294c7ccc834310722b41b9ca6de"),
    "mistune": ("mistune==3.0.2", "fc7f93ded930c92394ef2cb6f04a8aabab4117a91449e72dcc8dfa646a508be8"),
    "more-itertools": ("more-itertools==10.5.0", "5482bfef7849c25dc3c6dd53a6173ae4795da2a41a80faea6700d9f5846c5da6"),
}
REAL_BUDGET = Budget(wall_s=120.0, candidates=6)


def submit_all(service: Ground, repository: Path, count: int, real: Sequence[str], chance: random.Random) -> list[str]:
    """Put all jobs into the queue in a random order, and tell the broker of each, as the API does."""
    folder = Path(service.stack.enter_context(tempfile.TemporaryDirectory(prefix="hasten-orders-")))
    replies = write_replies(folder / "replies.jsonl")
    sources = [None] * (count - len(real)) + [_fetched(name, folder) for name in real]
    chance.shuffle(sources)
    jobs = [_job(f"job-{number:04d}", source, repository, replies) for number, source in enumerate(sources)]
    store, tell = service.store(), make_tell(service.settings())
    for job in jobs:
        store.queue.submit(job, Submission(tenant=MAIN))
        tell(job.id)
    return [job.id for job in jobs]


def _fetched(name: str, folder: Path) -> Path:
    own = folder / name
    own.mkdir()
    return fetch(*REAL[name], own)


def _job(job_id: str, source: Path | None, repository: Path, replies: Path) -> Job:
    plain = Job(id=job_id, source=str(source or repository), created=now())
    if source:
        return replace(plain, budget=REAL_BUDGET)
    models = (Model(name=f"replay:{replies}"),)
    return replace(plain, models=models, strategy=STRATEGY, bench=COMMAND, target=TARGET)
