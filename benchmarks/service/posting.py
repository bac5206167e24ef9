"""New jobs at a fixed pace: how long each answer takes, and whether all of them are there afterwards, once."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp
import redis as client_of_redis
from sqlalchemy import select

from benchmarks.service.client import client, url
from benchmarks.service.ground import Ground, Servers, address, ground
from benchmarks.service.latencies import Latencies
from benchmarks.service.open_loop import Sent, open_loop
from benchmarks.service.sample import sample_repository
from storage.tables import jobs

TWICE = 20
"""One request in so many comes twice at the same moment, under one Idempotency-Key, as after a lost answer."""
WARM = 150
"""So many jobs are submitted before it is measured, and counted with the others: a process has begun by then."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back for one key: once, or twice."""

    statuses: tuple[int, ...]
    job_ids: tuple[str, ...]


def measure(
    rate_per_s: float = 150, seconds: float = 60, api_processes: int = 2, servers: Servers | None = None
) -> dict[str, Any]:
    """Submit jobs with no worker about, so that they stay in the broker, where they are counted."""
    with ground(servers=servers) as service, sample_repository() as repository:
        api = service.api(api_processes)
        addresses = [address(one) for one in api]
        body = {"repository": str(repository), "budget": {"wall_s": 60}}
        count = round(rate_per_s * seconds)
        warm = asyncio.run(_submit(addresses, service.key, body, rate_per_s, WARM, "warm"))
        began_s = sum(one.cpu_s for one in api)
        sent = asyncio.run(_submit(addresses, service.key, body, rate_per_s, count))
        return {
            "rate_per_s": rate_per_s,
            "seconds": seconds,
            "api_processes": api_processes,
            "api_cpu_ms": round(1000 * (sum(one.cpu_s for one in api) - began_s) / count, 2),
            "latencies": asdict(Latencies.of([one.taken_s for one in sent])),
            "answers": dict(Counter(str(status) for one in sent for status in one.answer.statuses)),
            "warm": WARM,
            **_accounts(service, [*warm, *sent]),
        }


async def _submit(
    addresses: Sequence[str], key: str, body: object, rate_per_s: float, count: int, keys: str = "key"
) -> Sequence[Sent[Answer]]:
    text = json.dumps(body)
    async with client(key) as session:

        async def post(number: int, nth: int) -> tuple[int, str]:
            at = addresses[(number + nth) % len(addresses)]
            headers = {"Idempotency-Key": f"{keys}-{number}", "Content-Type": "application/json"}
            try:
                async with session.post(url(at, "/jobs"), data=text, headers=headers) as response:
                    said = await response.json(content_type=None)
                    return response.status, str(said.get("id", ""))
            except aiohttp.ClientError:
                return 0, ""

        async def send(number: int) -> Answer:
            times = 2 if number % TWICE == 0 else 1
            answers = await asyncio.gather(*(post(number, nth) for nth in range(times)))
            return Answer(statuses=tuple(one[0] for one in answers), job_ids=tuple(one[1] for one in answers))

        return await open_loop(send, rate_per_s, count)


def _accounts(service: Ground, sent: Sequence[Sent[Answer]]) -> dict[str, int]:
    """Of the jobs that were promised: how many are not in the database, or not in the broker, and how many too many."""
    promised = [set(one.answer.job_ids) for one in sent]
    with service.store().database.reading() as connection:
        there = set(connection.scalars(select(jobs.c.id)))
    told = _told(service)
    ids = {job_id for one in promised for job_id in one if job_id}
    return {
        "lost": sum(not one <= there for one in promised),
        "doubled": sum(len(one) > 1 for one in promised) + len(there - ids),
        "untold": len(ids - told),
    }


def _told(service: Ground) -> set[str]:
    """The words of every message that waits in the broker, among them the ids of jobs."""
    words: set[str] = set()
    assert service.broker is not None
    with client_of_redis.Redis.from_url(service.broker.url) as broker:
        for key in broker.scan_iter(_type="list"):
            for message in broker.lrange(key, 0, -1):
                arguments, _, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
                words |= {str(one) for one in arguments}
    return words
