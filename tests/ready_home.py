"""Homes whose database is up to date already: to make one from nothing takes longer than most tests."""

import tempfile
from functools import cache
from pathlib import Path

from storage.store import open_store


def ready(home: Path) -> Path:
    """An empty home at this path, ready to be opened."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "hasten.db").write_bytes(_database())
    return home


@cache
def _database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        open_store(Path(folder)).close()
        return (Path(folder) / "hasten.db").read_bytes()
