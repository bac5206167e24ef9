"""The courier of a worker process: it sends what webhooks are to be told, beside the rounds."""

import logging
import threading
from collections.abc import Callable

from storage.store import Store
from tools.errors import HastenError
from workers.deliveries import LIMIT, deliver_due
from workers.pace import Pace
from workers.settings import Settings

_log = logging.getLogger(__name__)


class Courier:
    """Looks now and then; every process of every worker may have one."""

    def __init__(self, store: Callable[[], Store], settings: Settings, pace: Pace, stopping: threading.Event) -> None:
        """`store` opens it, or raises InfrastructureError while it cannot be reached."""
        self._store, self._settings, self._pace, self._stopping = store, settings, pace, stopping

    def start(self) -> None:
        """Go on in a thread until the worker stops."""
        threading.Thread(target=self._forever, name="courier", daemon=True).start()

    def _forever(self) -> None:
        while not self._stopping.wait(self._pace.deliver_s):
            try:
                while deliver_due(self._store(), self._settings) == LIMIT and not self._stopping.is_set():
                    pass
            except HastenError as error:
                _log.warning("the courier failed, and tries again: %s", error)
            except Exception:  # noqa: BLE001 - the rounds of the process go on
                _log.exception("a mistake of Hasten's own in the courier")
