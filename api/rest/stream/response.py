"""What one follower of a job is sent: the steps after the last one it has, then the rest as they come, then the end."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable

from fastapi.sse import EventSourceResponse
from starlette.types import Message, Send

from api.rest.stream.channel import Channel
from api.rest.stream.tailer import Tailer
from api.rest.stream.wire import KEEPALIVE, RETRY_MS, status_event
from storage.following import Standing
from tools.errors import InfrastructureError

KEEPALIVE_S = 15.0
STALLED_S = 30.0
"""A follower that takes nothing for so long is cut off; it may come back with its Last-Event-ID."""
CHUNK_BYTES = 64 << 10
"""What is sent at once."""
RECHECK_S = 60.0
"""How often it is asked whether the follower's key still holds."""

_log = logging.getLogger(__name__)


class StepStream(EventSourceResponse):
    """The steps of one job after `after`, for one follower.

    `holds` says whether the caller may still follow. A slow follower is slow by itself: what it has not been sent waits
    in the database, and nothing of it in memory but what the server has written to its connection.
    """

    def __init__(self, tailer: Tailer, job_id: str, standing: Standing, after: int, holds: Callable[[], bool]) -> None:
        self._chunks = self._events()
        super().__init__(self._chunks, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._tailer = tailer
        self._job_id = job_id
        self._standing = standing
        self._after = after
        self._holds = holds
        self._checked = time.monotonic()

    async def stream_response(self, send: Send) -> None:
        """As the base class does, but it waits no longer than `STALLED_S` for the client."""

        async def patiently(message: Message) -> None:
            try:
                async with asyncio.timeout(STALLED_S):
                    await send(message)
            except TimeoutError:
                _log.info("a follower of job %s took nothing for %g s and is cut off", self._job_id, STALLED_S)
                raise Stalled from None

        try:
            await super().stream_response(patiently)
        except Stalled:
            return  # without the last chunk: the server closes the connection
        except InfrastructureError as error:  # likewise: the client comes back with its Last-Event-ID
            _log.warning("a stream of job %s ends: %s", self._job_id, error)
        finally:
            await self._chunks.aclose()

    async def _events(self) -> AsyncGenerator[bytes, None]:
        async with self._tailer.follow(self._job_id, self._standing) as channel:
            told: Standing | None = None
            while not self._tailer.stopping and not channel.gone and await self._still_holds():
                changed, standing = channel.changed, channel.standing
                if _differs(standing, told) and not standing.ended:
                    yield status_event(standing, retry_ms=None if told else RETRY_MS)
                    told = standing
                if chunk := await self._steps(channel):
                    yield chunk
                elif standing.ended and self._after >= standing.last_step:
                    yield status_event(standing, retry_ms=None if told else RETRY_MS)
                    yield status_event(standing, event="end")
                    return
                elif not await _comes(changed):
                    yield KEEPALIVE

    async def _steps(self, channel: Channel) -> bytes:
        """The next steps, as many as are sent at once; empty where there is none yet."""
        chunks = channel.after(self._after, CHUNK_BYTES) or await self._tailer.read(self._job_id, self._after)
        self._after = chunks.reached
        return b"".join(chunk for _, chunk in chunks.steps)

    async def _still_holds(self) -> bool:
        if time.monotonic() - self._checked < RECHECK_S:
            return True
        self._checked = time.monotonic()
        return await self._tailer.ask(self._holds)


class Stalled(Exception):
    """The client takes nothing any more."""


def _differs(standing: Standing, told: Standing | None) -> bool:
    return told is None or (standing.status, standing.detail) != (told.status, told.detail)


async def _comes(changed: asyncio.Event) -> bool:
    """Wait for a change; False where there was none for as long as a connection may be silent."""
    try:
        async with asyncio.timeout(KEEPALIVE_S):
            await changed.wait()
    except TimeoutError:
        return False
    return True
