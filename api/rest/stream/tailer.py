"""The one task of a process that looks for news of every job that somebody follows, once for all of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from api.rest.stream.channel import Channel, Chunks
from api.rest.stream.wire import step_event
from storage.following import PAGE, News, SqlFollowing, Standing

TICK_S = 0.2
"""How often the database is asked for news."""
KEPT_BYTES = 32 << 20
"""Of encoded steps in a process, divided among the jobs that are followed."""
READERS = 3
"""So many followers at once may read what the process does not have at hand."""
PAUSE_S = 2.0
"""How long a database that does not answer is left alone."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Tailer:
    """Follows jobs for the streams of this process; everything but the reading happens on the event loop."""

    def __init__(self, following: SqlFollowing, *, tick_s: float = TICK_S, kept_bytes: int = KEPT_BYTES) -> None:
        self._following = following
        self._tick_s = tick_s
        self._kept_bytes = kept_bytes
        self._channels: dict[str, Channel] = {}
        self._wanted = asyncio.Event()
        self._readers = asyncio.Semaphore(READERS)
        self._threads = ThreadPoolExecutor(READERS + 1, "tailer")  # one more, so that a tick never waits for a reader
        self._task: asyncio.Task[None] | None = None
        self.stopping = False
        """The server is about to stop: every stream ends, and its client comes back elsewhere."""

    @asynccontextmanager
    async def follow(self, job_id: str, standing: Standing) -> AsyncIterator[Channel]:
        """The job's channel for as long as the block lasts; `standing` is where the job stood a moment ago."""
        channel = self._channels.setdefault(job_id, Channel(job_id, standing))
        channel.standing = standing  # a job that had ended may have been begun again since the last tick
        channel.followers += 1
        self._wanted.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="tailer")
        try:
            yield channel
        finally:
            channel.followers -= 1
            if not channel.followers:
                self._channels.pop(job_id, None)

    async def read(self, job_id: str, after: int) -> Chunks:
        """Steps of a job after a number, from the database, encoded, in order."""
        return await self.ask(lambda: _chunks(self._following.page(job_id, after)))

    async def ask(self, question: Callable[[], T]) -> T:
        """What a follower has to ask of the database, off the event loop, and few at once."""
        async with self._readers:
            return await asyncio.get_running_loop().run_in_executor(self._threads, question)

    def stop(self) -> None:
        """End every stream."""
        self.stopping = True
        for channel in self._channels.values():
            channel.wake()

    async def close(self) -> None:
        """End every stream and the task."""
        self.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        while True:
            if not self._channels:
                self._wanted.clear()
                await self._wanted.wait()
            try:
                more = await self._look()
            except Exception:  # noqa: BLE001 - whatever it is, the streams of a process go on with the next look
                _log.exception("news of jobs cannot be read")
                await asyncio.sleep(PAUSE_S)
            else:
                await asyncio.sleep(0 if more else self._tick_s)

    async def _look(self) -> bool:
        """Take in what is new; whether a job has more than was read."""
        seen = {job_id: channel.last for job_id, channel in self._channels.items()}
        look = partial(_look, self._following, seen)
        standings, news = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        for job_id, last in seen.items():
            channel = self._channels.get(job_id)
            if channel is not None and channel.last == last:  # otherwise it is another one by now
                room = self._kept_bytes // len(self._channels)
                channel.take(standings.get(job_id), news.get(job_id), room)
        return any(len(new.steps) == PAGE for new in news.values())


def _look(following: SqlFollowing, seen: Mapping[str, int]) -> tuple[Mapping[str, Standing], Mapping[str, Chunks]]:
    standings = following.standings(seen)
    moved = {job_id: seen[job_id] for job_id, one in standings.items() if one.last_step > seen[job_id]}
    news = following.news(moved) if moved else {}
    return standings, {job_id: _chunks(new) for job_id, new in news.items()}


def _chunks(news: News) -> Chunks:
    return Chunks(steps=[(step.number, step_event(step)) for step in news.steps], reached=news.reached)
