"""What a place of blobs can do beside storing and reading: list what it holds, and let go of it."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.protocols import Blobs
from tools.errors import InfrastructureError

DIGEST = re.compile(r"[0-9a-f]{64}")
SHARDS = tuple(f"{number:02x}" for number in range(256))
"""Blobs stand in folders by the first two digits of their digests."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One blob of a place."""

    digest: str
    size_bytes: int
    stored_s: float
    """When it was last put, in seconds since the epoch by the place's clock; one that is put again counts as new."""


class KeptBlobs(Blobs, Protocol):
    """A place of blobs that a collector may clear."""

    def listing(self, shard: str) -> Iterator[Stored]:
        """The blobs whose digests begin with these two digits, in any order."""

    def remove(self, digests: Collection[str], before_s: float) -> Sequence[Stored]:
        """Remove those of one shard that were last put before a moment; which ones these were.

        Whoever puts one of them at the same time finds it there afterwards.
        """


def checked(data: bytes, digest: str, where: str) -> bytes:
    """The data of a blob; raises InfrastructureError where it is not what was put."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise InfrastructureError(f"the blob {where} is damaged")
    return data
