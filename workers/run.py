"""A worker: Celery's processes around ours. It starts here, and stops within seconds of being asked to."""

import logging
import os
import signal
import socket
import tempfile
import threading
import warnings
from contextlib import ExitStack
from multiprocessing.util import Finalize
from typing import Any

from celery import signals
from celery.apps.worker import Worker

from tools.git.trees import scratch_folder
from workers.acknowledging import Insisting
from workers.broker import WORK, Teller, make_broker
from workers.child import Child
from workers.observing import Observer
from workers.pace import Pace
from workers.place import place_of
from workers.reporting import Reporting
from workers.settings import Settings
from workers.stages import RealStages, Stages

ALIVE_S = 60.0
"""How long a process may take from its fork to its first word."""
_log = logging.getLogger(__name__)


def run_worker(
    settings: Settings,
    reporting: Reporting,
    concurrency: int = 0,
    *,
    stages: Stages | None = None,
    observer: Observer | None = None,
    pace: Pace | None = None,
) -> int:
    """Work on jobs until SIGTERM or Ctrl-C; the exit code. Only the main thread may call it, and once in a process.

    `concurrency` is how many jobs are worked on at once, 0 for one a core. A round that is under way when the worker is
    stopped is handed over. The caller says where the log goes.
    """
    scratch = ExitStack()
    # What a killed worker leaves there is swept with it.
    tempfile.tempdir = str(scratch.enter_context(scratch_folder(settings.home)))
    # It goes after the folder that multiprocessing has in it, which goes with priority -100 as the process ends.
    Finalize(None, scratch.close, exitpriority=-101)
    return _run(settings, reporting, concurrency, stages, observer, pace or Pace())


def _run(
    settings: Settings,
    reporting: Reporting,
    concurrency: int,
    stages: Stages | None,
    observer: Observer | None,
    pace: Pace,
) -> int:
    app = make_broker(settings)
    teller = Teller(settings, app)
    child = Child(settings, teller, reporting, stages or RealStages(), observer or Observer(), pace)

    @app.task(name=WORK, ignore_result=True, Request=Insisting)
    def work(job_id: str) -> None:
        child.work(job_id)

    app.conf.worker_proc_alive_timeout = ALIVE_S
    at_once = concurrency or len(os.sched_getaffinity(0))
    stop = Stop(child, pace.hand_over_s)
    # The sandbox `docker` needs root, and messages are JSON, which runs nothing.
    warnings.filterwarnings("ignore", "You're running the worker with superuser")
    worker = Worker(
        app=app,
        hostname=f"{place_of(settings.home)}-{os.getpid()}@{socket.gethostname()}",
        pool="prefork",
        concurrency=at_once,
        optimization="fair",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    _log.info("a worker starts: %d at once", at_once)
    worker.start()
    stop.over()
    _log.info("the worker has stopped")
    return int(worker.exitcode or 0)


class Stop:
    """Tells the processes of a worker that it ends.

    Celery waits for what its processes do, however long that takes (a warm shutdown). Ours hear by a pipe that closes,
    stop their rounds and hand them over; only where that takes too long are they killed.
    """

    def __init__(self, child: Child, most_s: float) -> None:
        self._child = child
        self._hears_fd, self._tells_fd = os.pipe()
        self._most_s = most_s
        self._asked = False
        self._timer: threading.Timer | None = None
        keep: dict[str, Any] = {"weak": False}
        signals.setup_logging.connect(_leave_the_log_alone, **keep)
        signals.worker_process_init.connect(self._forked, **keep)
        signals.worker_process_shutdown.connect(self._ends, **keep)
        signals.worker_shutting_down.connect(self._stops, **keep)

    def over(self) -> None:
        """The worker came to its end."""
        if self._timer is not None:
            self._timer.cancel()

    def _forked(self, **_: object) -> None:
        os.close(self._tells_fd)  # or the pipe would not close
        self._child.begin(self._hears_fd)

    def _ends(self, **_: object) -> None:
        self._child.end()

    def _stops(self, **_: object) -> None:
        if self._asked:
            return
        self._asked = True
        os.close(self._tells_fd)
        self._timer = threading.Timer(self._most_s, os.kill, (os.getpid(), signal.SIGQUIT))
        self._timer.daemon = True
        self._timer.start()


def _leave_the_log_alone(**_: object) -> None:
    """Celery sets no log up where somebody listens to this signal."""
