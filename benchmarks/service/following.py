"""Followers of live jobs: whether every step reaches every one of them, in order, and how long it takes."""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from agent.domain import Job, Spend, StepKind
from agent.protocols import JobStatus
from benchmarks.service.client import client, url
from benchmarks.service.ground import Servers, address, ground
from benchmarks.service.latencies import Latencies
from benchmarks.service.seeding import STEP_TEXT
from storage.rows import now
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tenants import MAIN

RECONNECTING = 10
"""One follower in so many drops its connection in the middle, and comes back with the last step it has."""
HELD_S = 3600.0


@dataclass(kw_only=True)
class Follower:
    """What one follower saw."""

    job_id: str
    drops_after: int | None
    """After so many steps its connection breaks once."""
    numbers: list[int] = field(default_factory=list)
    behind_s: list[float] = field(default_factory=list)
    ended: bool = False


def measure(
    followers: int = 500, jobs: int = 50, steps: int = 100, steps_per_s: float = 100, servers: Servers | None = None
) -> dict[str, Any]:
    """`jobs` live jobs of `steps` steps each, written at `steps_per_s` in all, each with its share of the followers."""
    with ground(servers=servers) as service:
        store = service.store()
        at = address(*service.api())
        ids = [_submitted(store, f"live-{number}") for number in range(jobs)]
        everyone = [
            Follower(
                job_id=ids[number % jobs],
                drops_after=steps // 3 + number % (steps // 3) if number % RECONNECTING == 0 else None,
            )
            for number in range(followers)
        ]
        context = multiprocessing.get_context("spawn")
        go = context.Event()
        where = (service.home, service.database_url)
        writer = context.Process(target=write_steps, args=(*where, ids, steps, steps_per_s, go))
        writer.start()
        try:
            asyncio.run(_follow(everyone, at, service.key, go.set))
        finally:
            writer.join(60)
            writer.kill()
    in_order = list(range(1, steps + 1))
    return {
        "followers": followers,
        "jobs": jobs,
        "steps": steps,
        "steps_per_s": steps_per_s,
        "dropped": sum(one.drops_after is not None for one in everyone),
        "delivered": sum(len(one.numbers) for one in everyone),
        "complete": sum(one.numbers == in_order and one.ended for one in everyone),
        "behind": asdict(Latencies.of([behind_s for one in everyone for behind_s in one.behind_s])),
    }


def write_steps(
    home: Path, database_url: str | None, ids: Sequence[str], steps: int, steps_per_s: float, go: Any
) -> None:
    """In a process of its own: what workers write, at a fixed pace, each job's next step in turn."""
    with open_store(home, database_url) as store:
        leases = [store.queue.claim(job_id, "bench", HELD_S) for job_id in ids]
        journals = [store.jobs.journal(lease.job_id, lease) for lease in leases if lease]
        go.wait()
        started_s = time.monotonic()
        for number in range(steps * len(journals)):
            time.sleep(max(0.0, started_s + number / steps_per_s - time.monotonic()))
            journals[number % len(journals)].append(StepKind.NOTE, f"step {number}", {"text": STEP_TEXT})
        for lease in leases:
            if lease:
                store.queue.end(lease, JobStatus.FINISHED, spend=Spend())


def _submitted(store: Store, job_id: str) -> str:
    job = Job(id=job_id, source="https://example.org/team/project", created=now())
    return store.queue.submit(job, Submission(tenant=MAIN))


async def _follow(everyone: Sequence[Follower], at: str, key: str, ready: Any) -> None:
    async with client(key) as session:
        connected = asyncio.Semaphore(0)
        tasks = [asyncio.create_task(_one(session, at, follower, connected)) for follower in everyone]
        for _ in everyone:
            await connected.acquire()
        ready()
        await asyncio.gather(*tasks)


async def _one(session: aiohttp.ClientSession, at: str, follower: Follower, connected: asyncio.Semaphore) -> None:
    await _stream(session, at, follower, connected, until=follower.drops_after)
    if not follower.ended:
        await _stream(session, at, follower, connected, until=None)


async def _stream(
    session: aiohttp.ClientSession,
    at: str,
    follower: Follower,
    connected: asyncio.Semaphore,
    until: int | None,
) -> None:
    """Read until the job ends, or until the follower has `until` steps."""
    headers = {"Accept": "text/event-stream"}
    if follower.numbers:
        headers["Last-Event-ID"] = str(follower.numbers[-1])
    async with session.get(url(at, f"/jobs/{follower.job_id}/steps"), headers=headers) as response:
        response.raise_for_status()
        connected.release()
        event = ""
        async for line in response.content:
            name, _, value = line.decode().strip().partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "step":
                step = json.loads(value)
                follower.numbers.append(step["number"])
                follower.behind_s.append((datetime.now(UTC) - datetime.fromisoformat(step["at"])).total_seconds())
                if until is not None and len(follower.numbers) >= until:
                    return
            elif name == "data" and event == "end":
                follower.ended = True
                return
