"""Work that is waited for no longer than agreed, whatever it waits for itself."""

import queue
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

T = TypeVar("T")


def within(limit_s: float, work: Callable[[], T]) -> T:
    """What `work` returns or raises; raises TimeoutError when that takes too long.

    Work that is late goes on in its own thread, and nobody hears of it: a client's own timeout counts from byte to
    byte, and a server that sends one now and then could hold it for ever.
    """
    outcome: queue.SimpleQueue[Callable[[], T]] = queue.SimpleQueue()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failure = error
            outcome.put(lambda: _throw(failure))
        else:
            outcome.put(lambda: result)

    threading.Thread(target=run, name="model", daemon=True).start()
    try:
        tell = outcome.get(timeout=max(0.0, limit_s))
    except queue.Empty:
        raise TimeoutError("no answer came in time") from None
    return tell()


def _throw(error: BaseException) -> NoReturn:
    raise error
