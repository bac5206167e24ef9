"""What the followers of one job share: its newest steps, encoded once, within a bound."""

import asyncio
from collections import deque

from storage.following import Standing


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
        """The newest step that `after` knows."""
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._changed = asyncio.Event()

    @property
    def changed(self) -> asyncio.Event:
        """Is set by the next change; take it before looking, wait for it afterwards."""
        return self._changed

    def after(self, number: int, most_bytes: int) -> tuple[list[bytes], int] | None:
        """Kept steps that follow a number and the number of the last of them; None where the next one is kept no more.

        They are those that fit into `most_bytes`, and one at least where there is one.
        """
        first = self.last - len(self._kept)
        if number < first:
            return None
        found: list[bytes] = []
        size = 0
        for position in range(number - first, len(self._kept)):
            chunk = self._kept[position]
            if found and size + len(chunk) > most_bytes:
                break
            found.append(chunk)
            size += len(chunk)
        return found, number + len(found)

    def take(self, standing: Standing | None, chunks: list[bytes], most_bytes: int) -> None:
        """Take in the next steps and where the job now stands, None for one that is gone, and let followers look.

        The oldest steps are let go where all are over `most_bytes`.
        """
        moved = bool(chunks) or standing != self.standing
        for chunk in chunks:
            self._kept.append(chunk)
            self._kept_bytes += len(chunk)
        self.last += len(chunks)
        while self._kept_bytes > most_bytes:
            self._kept_bytes -= len(self._kept.popleft())
        self.gone = standing is None
        self.standing = standing or self.standing
        if moved:
            self.wake()

    def wake(self) -> None:
        """Let every follower look."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
