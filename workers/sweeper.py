"""The sweeper of a worker process: it frees jobs of the dead, tells lost messages again, clears what is left."""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.store import Store
from tools.errors import HastenError
from tools.git.trees import prune_trees, sweep_trees
from tools.recipe.environment import sweep_builds
from tools.sandbox.contract import Sandbox
from workers.broker import ONGOING, Teller
from workers.doors import homes
from workers.pace import SILENT_S, Pace
from workers.wiring import TREES_KEPT_S

SWEEP, CLEAN = "sweep", "clean.lock"
FEW_MESSAGES = 64
"""While fewer wait, jobs whose message may be lost are told again; while more do, workers have enough to do."""
TERM_SWEEPS = 20
"""So many sweeps one process makes before another one may be the one that sweeps."""
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Sweeper:
    """Looks after the queue and the host beside the rounds of a process; of all processes one does so at a time."""

    store: Callable[[], Store]
    """Opens it, or raises InfrastructureError while it cannot be reached."""
    home: Path
    teller: Teller
    owner: str
    place: str
    pace: Pace
    stopping: threading.Event
    sandboxes: Callable[[], tuple[Sandbox, ...]]
    """Those that were opened here: what dead workers left in them is removed."""
    collect: Callable[[Store], object] | None = None
    """Removes what is older than it may become, where that is due."""

    def start(self) -> None:
        """Go on in a thread until the worker stops."""
        chores = {
            "sweeper": self._sweep,
            "cleaner": self._clean,
            "presence": self._be_seen,
            "collector": self._collect,
        }
        for name, work in chores.items():
            threading.Thread(target=self._forever, args=(name, work), name=name, daemon=True).start()

    def _forever(self, name: str, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except (HastenError, DBAPIError, OSError) as error:
                _log.warning("the %s failed, and tries again: %s", name, error)
            except Exception:  # noqa: BLE001 - the rounds of the process go on
                _log.exception("a mistake of Hasten's own in the %s", name)
            if self.stopping.wait(self.pace.sweep_s):
                return

    def _be_seen(self) -> None:
        self.store().workers.seen(self.owner, self.place)

    def _sweep(self) -> None:
        store = self.store()
        with store.database.alone(SWEEP) as mine:
            for _ in range(TERM_SWEEPS if mine else 0):
                self.sweep_once(store)
                if self.stopping.wait(self.pace.sweep_s):
                    return

    def sweep_once(self, store: Store) -> None:
        """Free, tell again, forget; ids of freed jobs are told to whoever is first."""
        waiting = self.teller.waiting()
        room = 0 if waiting is None else max(0, FEW_MESSAGES - waiting)
        told = store.queue.sweep(limit=room, lost_s=self.pace.lost_s)
        for job_id in told:
            self.teller.tell(job_id, ONGOING)
        if told:
            _log.info("%d jobs are told again", len(told))
        store.workers.forget(SILENT_S)

    def _collect(self) -> None:
        if self.collect is not None:
            self.collect(self.store())

    def _clean(self) -> None:
        with _first(self.home / CLEAN) as mine:
            for _ in range(TERM_SWEEPS if mine else 0):
                self.clean_once()
                if self.stopping.wait(self.pace.sweep_s):
                    return

    def clean_once(self) -> None:
        """Remove what dead workers of this host left: sandboxes, halves of trees and environments, temporary files."""
        for sandbox in self.sandboxes():
            sandbox.sweep()
        for home in homes(self.home):
            sweep_trees(home)
            sweep_builds(home)
            prune_trees(home, unused_for_s=TREES_KEPT_S)


@contextmanager
def _first(path: Path) -> Iterator[bool]:
    """Whether nobody else on this host is within; the kernel lets go when a holder dies."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
