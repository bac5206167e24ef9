"""One process of a worker, from its fork to its end: what it opens, and what goes on in it beside the rounds."""

import logging
import os
import tempfile
import threading
import uuid
from contextlib import ExitStack

from tools.errors import InfrastructureError
from tools.git.trees import scratch_folder
from tools.sandbox.contract import Sandbox
from workers.broker import ONGOING, Teller
from workers.collecting import collect_when_due
from workers.courier import Courier
from workers.interrupts import Interrupts, Why
from workers.observing import Observer
from workers.opening import open_service
from workers.pace import Pace
from workers.place import place_of
from workers.reporting import Reporting
from workers.rounds import Rounds
from workers.settings import Settings
from workers.stages import Stages
from workers.sweeper import Sweeper

_log = logging.getLogger(__name__)


class Child:
    """Made before the fork, begun after it."""

    def __init__(
        self, settings: Settings, teller: Teller, reporting: Reporting, stages: Stages, observer: Observer, pace: Pace
    ) -> None:
        self._settings, self._teller, self._pace = settings, teller, pace
        self._reporting, self._stages, self._observer = reporting, stages, observer
        self._stopping = threading.Event()
        self._interrupts = Interrupts()
        self._held = ExitStack()
        self._opening = threading.Lock()
        self._rounds: Rounds | None = None
        self._owner = ""

    def begin(self, stop_fd: int) -> None:
        """Right after the fork; `stop_fd` comes to its end when the worker is asked to stop."""
        scratch = self._held.enter_context(scratch_folder(self._settings.home))
        tempfile.tempdir = str(scratch)  # what a killed process leaves there is swept with it
        threading.Thread(target=self._await_stop, args=(stop_fd,), name="stop", daemon=True).start()
        place = place_of(self._settings.home)
        self._owner = f"{place}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        Sweeper(
            store=lambda: self._opened().store,
            home=self._settings.home,
            teller=self._teller,
            owner=self._owner,
            place=place,
            pace=self._pace,
            stopping=self._stopping,
            sandboxes=self._sandboxes,
            collect=lambda store: collect_when_due(store, self._settings),
        ).start()
        Courier(lambda: self._opened().store, self._settings, self._pace, self._stopping).start()

    def work(self, job_id: str) -> None:
        """Go one round further with a job; while the database is away the message waits here."""
        while True:
            try:
                return self._opened().work(job_id)
            except InfrastructureError as error:
                _log.warning("waiting for the database: %s", error, extra={"job": job_id})
            if self._stopping.wait(self._pace.look_s):
                return self._teller.tell(job_id, ONGOING)

    def end(self) -> None:
        """Before the process ends by itself."""
        self._stopping.set()
        self._observer.closed()
        if self._opening.acquire(timeout=self._pace.look_s):  # else it is being opened, and its database is away
            if self._rounds is not None:
                self._rounds.store.workers.gone(self._owner)
                self._rounds.store.close()
            self._opening.release()
        self._held.close()

    def _opened(self) -> Rounds:
        """The process's store and what works on it, opened when first needed; raises InfrastructureError."""
        with self._opening:
            if self._rounds is None:
                store = open_service(self._settings)
                store.database.patience_s = 0.0 if self._stopping.is_set() else self._pace.patience_s
                self._rounds = Rounds(
                    settings=self._settings,
                    store=store,
                    teller=self._teller,
                    owner=self._owner,
                    reporting=self._reporting,
                    stages=self._stages,
                    observer=self._observer,
                    pace=self._pace,
                    stopping=self._stopping,
                    interrupts=self._interrupts,
                )
            return self._rounds

    def _sandboxes(self) -> tuple[Sandbox, ...]:
        """That of the settings, and whichever jobs asked for."""
        rounds = self._opened()
        rounds.sandbox(self._settings.sandbox)
        return rounds.sandboxes

    def _await_stop(self, stop_fd: int) -> None:
        while os.read(stop_fd, 1):
            pass
        self._stopping.set()
        if (rounds := self._rounds) is not None:
            rounds.store.database.patience_s = 0.0
        self._interrupts.stop(Why.STOPPING)
