"""The broker of one machine: a folder for each queue, a file for each message.

kombu's own `filesystem` transport may show a message before it is written, moves those that are taken through /tmp, and
looks at all queues in turn. Here a message appears whole or not at all, is taken by a rename, and queues are looked at
in the order in which they were named. A message that was taken is in memory alone: a sweep tells its job again.
"""

import itertools
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads
from kombu.utils.scheduling import FairCycle

SCHEME = "hasten-folder"
PLACE = f"{__name__}:Transport"
MOST_WAIT_S = 0.5
_numbers = itertools.count()


class InOrder(FairCycle):
    """Asks each queue in turn, always beginning with the first."""

    def get(self, callback: Callable[..., Any] | None, **options: Any) -> Any:
        """What the first queue has that has something."""
        for queue in tuple(self.resources):
            try:
                return self.fun(queue, callback, **options)
            except self.predicate:
                continue
        raise self.predicate


class Channel(virtual.Channel):
    """A channel of the folder `folder` of the transport's options."""

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        folder = self._folder(queue)
        name = f"{time.time_ns():020d}-{next(_numbers):08d}-{uuid.uuid4().hex}"  # the oldest comes first
        part = folder / f".{name}"
        part.write_bytes(dumps(message).encode())
        part.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        del timeout
        folder = self._folder(queue)
        for name in sorted(os.listdir(folder)):
            if name.startswith("."):
                continue
            taken = folder / f".{name}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:  # another worker was first
                continue
            data = taken.read_bytes()
            taken.unlink()
            return loads(data.decode())
        raise Empty

    def _size(self, queue: str) -> int:
        return sum(not name.startswith(".") for name in os.listdir(self._folder(queue)))

    def _purge(self, queue: str) -> int:
        names = [name for name in os.listdir(self._folder(queue)) if not name.startswith(".")]
        for name in names:
            (self._folder(queue) / name).unlink(missing_ok=True)
        return len(names)

    def _reset_cycle(self) -> None:
        self._cycle = InOrder(self._get_and_deliver, self._active_queues, Empty)

    def _folder(self, queue: str) -> Path:
        client: Any = self.connection.client
        folder = Path(client.transport_options["folder"]) / queue
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class Transport(virtual.Transport):
    """The transport whose URL begins with SCHEME."""

    Channel = Channel
    driver_type = SCHEME
    driver_name = SCHEME
    default_port = 0
    global_state = virtual.BrokerState()
    """Which queues there are, for every connection of this process."""

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.state = self.global_state

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Wait for a message, but never so long that a worker which is asked to stop would be late."""
        super().drain_events(connection, timeout=min(timeout or MOST_WAIT_S, MOST_WAIT_S))

    def driver_version(self) -> str:
        """It has none."""
        return "N/A"
