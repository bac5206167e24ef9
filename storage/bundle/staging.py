"""Rows out of an archive, put aside until they are inserted: a database is held no longer than that takes."""

import pickle
from collections.abc import Iterator, Sequence
from typing import IO, Any

Row = dict[str, Any]


class Staged:
    """Batches of rows in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        """Use an empty file that nobody else writes to."""
        self._file = file

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Put some rows of a table behind the others."""
        pickle.dump((table, rows), self._file, pickle.HIGHEST_PROTOCOL)

    def batches(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """All of them in their order, by table."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)
