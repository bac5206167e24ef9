"""How far the sweep of a place of blobs has come, for whoever goes on with it, on whatever host."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.database import Database
from storage.stored import SHARDS
from storage.tables import sweeps


class Sweeps:
    """Of one place."""

    def __init__(self, database: Database, place: str) -> None:
        self._database = database
        self._place = place[-255:]

    @property
    def next(self) -> str:
        """The first two digits of the blobs that are looked at next."""
        row = self._row()
        return row.next if row and row.next in SHARDS else SHARDS[0]

    @property
    def under_way(self) -> bool:
        """Whether a sweep was begun that did not come to its end."""
        return self.next != SHARDS[0]

    @property
    def ended(self) -> datetime | None:
        """When the last whole sweep ended; None where none has."""
        row = self._row()
        return row.at if row else None

    def reached(self, position: int, found: Mapping[str, Any]) -> None:
        """Remember that the first so many shards were looked at, and what was found; all of them begin again."""
        values: dict[str, Any] = {"next": SHARDS[position % len(SHARDS)], "found": dict(found)}
        with self._database.writing() as connection:
            if position == len(SHARDS):
                values["at"] = self._database.moment(connection)
            if connection.execute(update(sweeps).where(sweeps.c.place == self._place).values(values)).rowcount == 0:
                connection.execute(insert(sweeps).values(place=self._place, **values))

    def _row(self) -> Any:
        with self._database.reading() as connection:
            return connection.execute(select(sweeps).where(sweeps.c.place == self._place)).first()
