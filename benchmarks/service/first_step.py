"""From a new job to the first step of work on it, where a worker is idle."""

import asyncio
import json
import random
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.service.client import client, url
from benchmarks.service.ground import Ground, Servers, address, ground
from benchmarks.service.latencies import Latencies
from benchmarks.service.sample import sample_repository
from storage.store import Store
from storage.tables import jobs, steps

ENDED = ("finished", "failed", "cancelled")
PATIENCE_S = 120.0


def measure(tries: int = 30, servers: Servers | None = None) -> dict[str, Any]:
    """One job after the other, each cancelled as soon as it has a step; with Redis, and embedded."""
    found: dict[str, Any] = {"tries": tries}
    for name, embedded in (("redis", False), ("embedded", True)):
        with ground(embedded=embedded, servers=servers) as service, sample_repository() as repository:
            if embedded:
                at = address(service.serve())
            else:
                at = address(*service.api())
                service.work()
            taken = asyncio.run(_try(service, at, repository, tries))
            found[name] = asdict(Latencies.of(taken[1:]))  # the first one finds a worker that only just started
    return found


async def _try(service: Ground, at: str, repository: Path, tries: int) -> list[float]:
    store = service.store()
    chance = random.Random(0)
    taken = []
    async with client(service.key) as session:
        for _ in range(tries + 1):
            await asyncio.sleep(chance.random())  # at no fixed distance from whatever a worker does again and again
            asked = datetime.now(UTC)
            body = json.dumps({"repository": str(repository), "budget": {"wall_s": 60}})
            headers = {"Content-Type": "application/json"}
            async with session.post(url(at, "/jobs"), data=body, headers=headers) as response:
                response.raise_for_status()
                job_id = (await response.json())["id"]
            first = await asyncio.to_thread(_first_step, store, job_id)
            taken.append((first - asked).total_seconds())
            async with session.post(url(at, f"/jobs/{job_id}:cancel")) as response:
                response.raise_for_status()
            await asyncio.to_thread(_wait_for_end, store, job_id)
    return taken


def _first_step(store: Store, job_id: str) -> datetime:
    """When it was written; it is waited for."""
    query = select(steps.c.at).where(steps.c.job_id == job_id, steps.c.number == 1)
    found: datetime = _waited_for(store, query, lambda at: at is not None)
    return found


def _wait_for_end(store: Store, job_id: str) -> None:
    _waited_for(store, select(jobs.c.status).where(jobs.c.id == job_id), lambda status: status in ENDED)


def _waited_for(store: Store, query: Any, holds: Any) -> Any:
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        with store.database.reading() as connection:
            found = connection.scalars(query).first()
        if holds(found):
            return found
        if time.monotonic() > deadline_s:
            raise RuntimeError(f"{found!r} stayed for {PATIENCE_S:g} s")
        time.sleep(0.02)
