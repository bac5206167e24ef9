"""Something else at the one moment where it may do harm: between two statements of a transaction of PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@contextmanager
def just_before(statement: str, other: Callable[[], Any], url: str) -> Iterator[Future[Any]]:
    """What comes of `other`, begun in a thread when this one first executes a statement that begins with these words.

    This thread goes on once the other is done, or waits for a lock.
    """
    me = threading.get_ident()
    with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as looking:
        begun: Future[Any] = Future()
        ran: list[Future[Any]] = []

        def hear(*told: Any) -> None:
            if ran or threading.get_ident() != me or not told[2].startswith(statement):
                return
            ran.append(pool.submit(other))
            while not ran[0].done() and looking.execute(WAITING).fetchone() == (0,):
                time.sleep(0.005)
            ran[0].add_done_callback(lambda done: _tell(done, begun))

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            yield begun
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
    assert ran, f"nothing began with {statement!r}"


def _tell(done: Future[Any], begun: Future[Any]) -> None:
    if error := done.exception():
        begun.set_exception(error)
    else:
        begun.set_result(done.result())
