"""The heartbeat of a round: it holds the lease, counts what was spent, and hears what is wanted of the job."""

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from agent.domain import Spend
from storage.leases import Lease, LeaseLost
from storage.queue import CANCEL, SqlQueue
from tools.errors import InfrastructureError
from workers.interrupts import Interrupts, Why
from workers.pace import Pace

_log = logging.getLogger(__name__)
UNWINDING_S = 0.2
"""Between two looks at a round that was told to stop: whatever it still starts is ended."""


class Heart:
    """Beats in a thread of its own while a round is worked on."""

    def __init__(
        self,
        queue: SqlQueue,
        lease: Lease,
        pace: Pace,
        interrupts: Interrupts,
        stopping: threading.Event,
        spend: Callable[[], Spend | None],
    ) -> None:
        """`stopping` says that the worker ends; `spend` what the job has spent so far, where that is known yet."""
        self._queue, self._lease, self._pace = queue, lease, pace
        self._interrupts, self._stopping, self._spend = interrupts, stopping, spend
        self._over = threading.Event()
        self._held_s = time.monotonic()
        self._why: Why | None = None
        self._thread = threading.Thread(target=self._live, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _live(self) -> None:
        while not self._over.wait(self._pace.look_s if self._why is None else UNWINDING_S):
            self._why = self._why or (Why.STOPPING if self._stopping.is_set() else None)
            if self._why is not Why.LOST:
                self._why = self._look() or self._why
            if self._why is not None:
                self._interrupts.stop(self._why)

    def _look(self) -> Why | None:
        """Beat where it is time, else only look; why the round must stop, None where it need not."""
        try:
            if time.monotonic() - self._held_s >= self._pace.beat_s:
                began_s = time.monotonic()
                wanted = self._queue.heartbeat(self._lease, self._pace.lease_s, self._spend())
                self._held_s = began_s
            else:
                wanted = self._queue.wanted(self._lease)
        except LeaseLost:
            return Why.LOST
        except InfrastructureError as error:
            _log.warning("a heartbeat failed: %s", error, extra={"job": self._lease.job_id})
            over = time.monotonic() - self._held_s > self._pace.lease_s
            return Why.LOST if over else None
        return Why.CANCELLED if wanted == CANCEL else None
