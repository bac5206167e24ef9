"""A client of the API that costs little, so that what is measured is the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

GIVEN_UP_S = 60.0


@asynccontextmanager
async def client(key: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A session with as many connections as there are requests at once, each kept for the next request."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        headers={"Authorization": f"Bearer {key}"},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=GIVEN_UP_S, sock_read=GIVEN_UP_S),
    ) as session:
        yield session


def url(address: str, path: str) -> str:
    """Where a path of the API is."""
    return f"http://{address}/v1{path}"
