"""Several processes that begin the same work at the same moment, each with connections of its own."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from storage.store import open_store

_CONTEXT = multiprocessing.get_context("forkserver")  # imports once, and forks before anything is opened
_CONTEXT.set_forkserver_preload(
    ["storage.store", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg", "psycopg"]
)
MEET_S = 120.0
_met: Barrier


def together(
    work: Callable[..., Any], home: Path, database_url: str | None, rounds: Sequence[tuple[Any, ...]]
) -> list[Any]:
    """What `work(store, *arguments)` gives for each of the arguments, in a process for each of them.

    Each has opened the store when the first begins.
    """
    barrier = _CONTEXT.Barrier(len(rounds))
    with ProcessPoolExecutor(len(rounds), _CONTEXT, initializer=_remember, initargs=(barrier,)) as pool:
        running = [pool.submit(_run, work, home, database_url, arguments) for arguments in rounds]
        return [one.result() for one in running]


def opened_together(home: Path, database_url: str | None, number: int) -> list[int]:
    """How many jobs each of several processes sees that open the store at the same moment."""
    barrier = _CONTEXT.Barrier(number)
    with ProcessPoolExecutor(number, _CONTEXT, initializer=_remember, initargs=(barrier,)) as pool:
        running = [pool.submit(_open, home, database_url) for _ in range(number)]
        return [one.result() for one in running]


def _remember(barrier: Barrier) -> None:
    global _met  # noqa: PLW0603 - a barrier reaches a process only when that begins
    _met = barrier


def _run(work: Callable[..., Any], home: Path, database_url: str | None, arguments: tuple[Any, ...]) -> Any:
    with open_store(home, database_url) as store:
        _met.wait(MEET_S)
        return work(store, *arguments)


def _open(home: Path, database_url: str | None) -> int:
    _met.wait(MEET_S)
    with open_store(home, database_url) as store:
        return len(store.jobs.list())
