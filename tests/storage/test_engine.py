"""How a SQLite file is opened."""

import sqlite3
from pathlib import Path

import pytest

from storage.engine import _write_ahead


class Busy(sqlite3.Connection):
    """Others switch the file at the same moment, so many times: SQLite then does not wait, as it does elsewhere."""

    others = 3
    code = sqlite3.SQLITE_BUSY

    def execute(self, sql: str, *arguments: object) -> sqlite3.Cursor:
        if "journal_mode=WAL" in sql and self.others:
            self.others -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error
        return super().execute(sql, *arguments)


def test_many_first_starts_at_once_wait_for_each_other(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "hasten.db", factory=Busy)
    _write_ahead(connection)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_another_fault_is_no_reason_to_wait(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "hasten.db", factory=Busy)
    connection.code = sqlite3.SQLITE_READONLY
    with pytest.raises(sqlite3.OperationalError):
        _write_ahead(connection)
    connection.close()
