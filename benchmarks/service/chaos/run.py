"""The run itself: submit all jobs, let everything go wrong while they are worked on, wait for their ends, and count."""

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import func, select

from benchmarks.service.chaos.accounts import ENDS, accounts
from benchmarks.service.chaos.crew import Crew
from benchmarks.service.chaos.disasters import Disaster, Numbers, plan, small_disk
from benchmarks.service.chaos.leftovers import leftovers
from benchmarks.service.chaos.orders import submit_all
from benchmarks.service.ground import Ground, Servers, ground
from benchmarks.service.sample import sample_repository
from storage.database import Database
from storage.tables import jobs as job_table
from tools.errors import InfrastructureError

LOOK_S = 0.25
STUCK_S = 600.0
"""So long without any job's end, and it is given up."""
QUIET_S = 20.0
"""How long what a stopped service leaves may take to go."""


def measure(
    jobs: int = 200,
    real: Sequence[str] = (),
    workers: int = 4,
    numbers: Numbers | None = None,
    seed: int | None = None,
    *,
    hurried: bool = False,
    servers: Servers | None = None,
) -> dict[str, Any]:
    """`jobs` jobs, the `real` projects among them, while so much goes wrong; `hurried` is for a small scale."""
    numbers = numbers or Numbers()
    seed = random.SystemRandom().randrange(1 << 31) if seed is None else seed
    chance = random.Random(seed)
    began_s = time.monotonic()
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk()) if numbers.full_disks else None
        numbers = numbers if disk else Numbers(**{**vars(numbers), "full_disks": 0})
        service = stack.enter_context(ground(home=disk / "home" if disk else None, servers=servers))
        repository = stack.enter_context(sample_repository())
        ids = submit_all(service, repository, jobs, real, chance)
        crew = Crew(service, workers, hurried=hurried)
        try:
            struck = _through(plan(numbers, jobs, service, crew, chance), service, crew, len(ids))
        finally:
            crew.stop()
        left = _left(service, crew)
        return {
            "jobs": len(ids),
            "real": list(real),
            "workers": workers,
            "seed": seed,
            "struck": struck,
            "left": left,
            "wall_s": round(time.monotonic() - began_s),
            **accounts(service.store().database, ids),
            "died_by_themselves": len(crew.died),
        }


def _through(disasters: list[Disaster], service: Ground, crew: Crew, count: int) -> dict[str, int]:
    """Until every job has ended; how often what went wrong."""
    database = service.store().database
    struck: Counter[str] = Counter()
    ended, moved_s = 0, time.monotonic()
    while ended < count:
        crew.tend()
        now_ended = _ended(database)
        if now_ended != ended:
            ended, moved_s = now_ended, time.monotonic()
        if time.monotonic() - moved_s > STUCK_S:
            print(f"no job ended for {STUCK_S:g} s; {ended} of {count} have", file=sys.stderr)
            break
        if disasters and ended >= disasters[0].after:
            disaster = disasters.pop(0)
            said = disaster.strike()
            struck[disaster.name] += 1
            print(f"{ended} of {count} jobs ended; {disaster.name}: {said}", file=sys.stderr, flush=True)
        time.sleep(LOOK_S)
    return dict(struck)


def _ended(database: Database) -> int:
    while True:
        try:
            with database.reading() as connection:
                query = select(func.count()).select_from(job_table).where(job_table.c.status.in_(ENDS))
                return connection.scalars(query).one()
        except InfrastructureError:  # it was just restarted
            time.sleep(LOOK_S)


def _left(service: Ground, crew: Crew) -> list[str]:
    """What is left once everything had a moment to go."""
    deadline_s = time.monotonic() + QUIET_S
    while (left := leftovers(service, crew.pids)) and time.monotonic() < deadline_s:
        time.sleep(LOOK_S)
    return left
