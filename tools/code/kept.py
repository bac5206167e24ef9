"""How syntax trees, which are large and many, are kept in bounds and made without being looked through each time."""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What was made of the texts that were asked for last, up to so many characters of text together."""

    def __init__(self, *, most_characters: int) -> None:
        self._most = most_characters
        self._held = 0
        self._made: OrderedDict[tuple[str, str], Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str], make: Callable[[], Made]) -> Made:
        """What was made of a path's text, or is made now; two threads may make the same."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            if key not in self._made:
                self._made[key] = made
                self._held += len(key[1])
            while self._held > self._most and len(self._made) > 1:
                (_, text), _ = self._made.popitem(last=False)
                self._held -= len(text)
        return made


@contextmanager
def uncollected() -> Iterator[None]:
    """Without garbage collection: it would go through all trees for every file, which takes three times as long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
