"""Pages of lists as the tables grow: the list of a tenant's jobs, and the steps of one job."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from api.rest.pages import cursor_to_text
from benchmarks.service.client import client, url
from benchmarks.service.ground import Ground, Servers, address, ground
from benchmarks.service.latencies import Latencies
from benchmarks.service.open_loop import open_loop
from benchmarks.service.seeding import created, job_name, seed_jobs, seed_steps
from storage.tenants import MAIN

JOBS = (1_000, 10_000, 100_000)
STEPS = (10_000, 100_000, 1_000_000)
LONG = job_name(1)
"""The job that gets all the steps."""
Query = Callable[[int], Mapping[str, object]]
"""What is asked where so many are there."""


def _cursor(count: int) -> str | None:
    number = random.randint(count // 2, count)
    return cursor_to_text((created(number), job_name(number)))


JOB_PAGES: Mapping[str, Query] = {
    "the first page": lambda _: {},
    "a page somewhere": lambda count: {"cursor": _cursor(count)},
    "a page of those that failed": lambda count: {"cursor": _cursor(count), "status": "failed"},
    "those that run": lambda _: {"status": "running"},
}
STEP_PAGES: Mapping[str, Query] = {
    "the first page": lambda _: {},
    "a page somewhere": lambda count: {"after": random.randint(0, count - 100)},
    "the last page": lambda count: {"after": count - 100},
    "a page of verdicts": lambda count: {"after": random.randint(0, count // 2), "kind": "verdict"},
}


def measure(
    job_counts: Sequence[int] = JOBS,
    step_counts: Sequence[int] = STEPS,
    rate_per_s: float = 30,
    requests: int = 300,
    servers: Servers | None = None,
) -> dict[str, Any]:
    """Fill the tables further and further, and ask for pages each time; `requests` of each kind."""
    rows = []
    with ground(servers=servers) as service:
        database = service.store().database
        at = address(*service.api())

        def ask(of: str, count: int, path: str, pages: Mapping[str, Query]) -> None:
            for page, query in pages.items():
                taken = asyncio.run(_ask(service, at, path, partial(query, count), rate_per_s, requests))
                rows.append({"of": of, "there": count, "page": page, "latencies": asdict(Latencies.of(taken))})

        first = 1
        for count in job_counts:
            seed_jobs(database, MAIN, first, count)
            first = count + 1
            ask("jobs", count, "/jobs", JOB_PAGES)
        for count in step_counts:
            seed_steps(database, LONG, count)
            ask("steps", count, f"/jobs/{LONG}/steps", STEP_PAGES)
    return {"rate_per_s": rate_per_s, "rows": rows}


async def _ask(
    service: Ground,
    at: str,
    path: str,
    query: Callable[[], Mapping[str, object]],
    rate_per_s: float,
    requests: int,
) -> Sequence[float]:
    async with client(service.key) as session:

        async def fetch(_: int) -> None:
            asked = {name: str(value) for name, value in query().items()}
            async with session.get(url(at, path), params=asked) as response:
                page = await response.json()
                if response.status != 200 or not page["items"]:
                    raise RuntimeError(f"{path} {asked} was answered by {response.status}: {page}")

        await fetch(0)
        return [one.taken_s for one in await open_loop(fetch, rate_per_s, requests)]
