"""What the followers of one job share: its newest steps, encoded once, within a bound."""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from storage.following import Standing


@dataclass(frozen=True, kw_only=True)
class Chunks:
    """Steps as they go over the wire, each with its number, and how far they go: no other one is up to `reached`."""

    steps: Sequence[tuple[int, bytes]]
    reached: int


class Channel:
    """One job that somebody follows.

    It keeps the newest steps as they go over the wire. A follower only remembers the last number it has sent: one that
    is slower than the job costs no memory here, and reads what has been let go from the database.
    """

    def __init__(self, job_id: str, standing: Standing) -> None:
        self.job_id = job_id
        self.standing = standing
        self.followers = 0
        self.gone = False
        """The job is there no more."""
        self.last = standing.last_step
        """No step up to this number is still to be taken in."""
        self._let_go = self.last
        """All kept steps come after this number."""
        self._kept: deque[tuple[int, bytes]] = deque()
        self._kept_bytes = 0
        self._changed = asyncio.Event()

    @property
    def changed(self) -> asyncio.Event:
        """Is set by the next change; take it before looking, wait for it afterwards."""
        return self._changed

    def after(self, number: int, most_bytes: int) -> Chunks | None:
        """Kept steps that follow a number; None where the next one is kept no more.

        They are those that fit into `most_bytes`, and one at least where there is one.
        """
        if number < self._let_go:
            return None
        found: list[tuple[int, bytes]] = []
        size = 0
        for position in range(self._position(number), len(self._kept)):
            step = self._kept[position]
            if found and size + len(step[1]) > most_bytes:
                return Chunks(steps=found, reached=found[-1][0])
            found.append(step)
            size += len(step[1])
        return Chunks(steps=found, reached=max(number, self.last))

    def _position(self, number: int) -> int:
        """Where the steps after a number begin: between two bounds that are the same where no number is left out."""
        count = len(self._kept)
        low = min(max(count - (self.last - number), 0), count)
        return bisect_right(self._kept, number, low, min(number - self._let_go, count), key=_number)

    def take(self, standing: Standing | None, new: Chunks | None, most_bytes: int) -> None:
        """Take in the next steps and where the job now stands, None for one that is gone, and let followers look.

        The oldest steps are let go where all are over `most_bytes`.
        """
        moved = new is not None or standing != self.standing
        if new is not None:
            self._kept.extend(new.steps)
            self._kept_bytes += sum(len(chunk) for _, chunk in new.steps)
            self.last = new.reached
        while self._kept_bytes > most_bytes:
            self._let_go, chunk = self._kept.popleft()
            self._kept_bytes -= len(chunk)
        self.gone = standing is None
        self.standing = standing or self.standing
        if moved:
            self.wake()

    def wake(self) -> None:
        """Let every follower look."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _number(step: tuple[int, bytes]) -> int:
    return step[0]
