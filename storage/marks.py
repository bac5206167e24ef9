"""Which blobs a sweep may not touch, by their first two digits: what is too much for memory is on disk."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from storage.stored import SHARDS

MOST_IN_MEMORY = 100_000
_DIGEST_BYTES = 32


class Marks:
    """Digests, in memory and in a folder of their own, which is emptied first and removed by `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._count = 0
        shutil.rmtree(folder, ignore_errors=True)  # of a collector that was killed

    def add(self, digests: Iterable[str]) -> None:
        """Mark these."""
        for digest in digests:
            self._parts[digest[:2]] += bytes.fromhex(digest)
            self._count += 1
            if self._count == MOST_IN_MEMORY:
                self._write()

    def of(self, shard: str) -> frozenset[str]:
        """Those that begin with these two digits."""
        data = bytes(self._parts.get(shard, b""))
        if (self._folder / shard).exists():
            data += (self._folder / shard).read_bytes()
        return frozenset(data[start : start + _DIGEST_BYTES].hex() for start in range(0, len(data), _DIGEST_BYTES))

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for shard in SHARDS:
            if part := self._parts.pop(shard, None):
                with (self._folder / shard).open("ab") as file:
                    file.write(part)
        self._count = 0
