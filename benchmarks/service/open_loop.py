"""Requests at a fixed pace, whatever becomes of them: a slow answer does not put off the next request."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Sent(Generic[T]):
    """One request."""

    number: int
    taken_s: float
    """From the moment when it was due, not when it was sent: waiting for its turn counts."""
    answer: T


async def open_loop(send: Callable[[int], Awaitable[T]], rate_per_s: float, count: int) -> Sequence[Sent[T]]:
    """`count` requests, `rate_per_s` a second; `send` is told the number of each, counted from 0."""
    started_s = time.perf_counter()

    async def one(number: int, due_s: float) -> Sent[T]:
        answer = await send(number)
        return Sent(number=number, taken_s=time.perf_counter() - due_s, answer=answer)

    sent = []
    for number in range(count):
        due_s = started_s + number / rate_per_s
        await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
        sent.append(asyncio.create_task(one(number, due_s)))
    return await asyncio.gather(*sent)
