"""The promises of docs/performance.md at a small scale: counts as they are, times with threefold slack."""

import asyncio
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers import postgres, redis

from benchmarks.service import first_step, following, lists, posting
from benchmarks.service.chaos import run
from benchmarks.service.chaos.disasters import Numbers
from benchmarks.service.ground import Servers
from benchmarks.service.latencies import Latencies
from benchmarks.service.open_loop import open_loop
from benchmarks.service.page import page
from benchmarks.service.promises import SLACK, broken

SMALL: dict[str, Callable[[Servers], dict[str, Any]]] = {
    "post": lambda servers: posting.measure(rate_per_s=30, seconds=5, api_processes=1, servers=servers),
    "lists": lambda servers: lists.measure((1_000, 10_000), (5_000, 50_000), 100, 100, servers=servers),
    "followers": lambda servers: following.measure(20, jobs=4, steps=30, steps_per_s=20, servers=servers),
    "first-step": lambda servers: first_step.measure(tries=2, servers=servers),
    "chaos": lambda servers: run.measure(4, workers=2, numbers=LITTLE, hurried=True, servers=servers),
}
LITTLE = Numbers(kills=3, broker_restarts=1, database_restarts=1, full_disks=1, full_s=3.0)


LEAST_IDLE = 0.2
"""The share of the cores that nobody uses meanwhile: where less is left, others keep them, and times tell nothing."""


@pytest.mark.parametrize("part", SMALL)
def test_what_is_promised_holds(part: str, postgres_server: postgres.Postgres, redis_server: redis.Redis) -> None:
    before = ticks()
    found = SMALL[part]((postgres_server, redis_server))
    idle, every = (now - then for now, then in zip(ticks(), before, strict=True))
    assert broken(part, found, SLACK if idle / every > LEAST_IDLE else math.inf) == [], found


def ticks() -> tuple[int, int]:
    """Of all cores since the machine started: those that they were idle, and all."""
    counted = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return counted[3] + counted[4], sum(counted)


def test_waiting_for_ones_turn_counts() -> None:
    """A server that stands still for a moment is slow for all who come meanwhile, not for one alone."""

    async def send(number: int) -> None:
        if number == 0:
            time.sleep(0.2)  # nothing else happens in the process

    sent = asyncio.run(open_loop(send, rate_per_s=100, count=40))
    slow = [one.number for one in sent if one.taken_s > 0.05]
    assert len(slow) > 10
    assert Latencies.of([one.taken_s for one in sent]).p99_ms > 190


def test_the_page_says_what_was_not_kept() -> None:
    taken = {"count": 9000, "median_ms": 20.0, "p99_ms": 151.0, "longest_ms": 400.0}
    found = {
        "machine": {
            **{"processor": "P", "cores": 2, "memory_bytes": 2**33, "system": "Linux", "python": "3.11"},
            **{"postgresql": "15", "redis": "7"},
        },
        "post": {
            **{
                "rate_per_s": 150,
                "seconds": 60,
                "api_processes": 1,
                "warm": 150,
                "latencies": taken,
                "answers": {"202": 9000},
            },
            **{"lost": 1, "doubled": 0, "untold": 0, "moment": {"at": "2026-11-29", "load": 3.0, "cores": 2}},
        },
    }
    shown = page(found)
    assert "no: 1 jobs lost; a new job's answer took 151 ms, more than 150" in shown
    assert "(loaded: 3 before it began)" in shown
    assert "Not measured yet: lists, followers, first-step, chaos." in shown
