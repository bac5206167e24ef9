"""Kept rewrites of all jobs of a home, in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, delete, insert, select, update

from agent.playbook.play import Play, Query, Remembered, check
from agent.playbook.ranking import ranked
from storage.database import Database
from storage.retrying import patient
from storage.rows import play_from_json, play_to_json
from storage.tables import plays
from tools.errors import UserError

MOST_LOOKED_AT = 2_000
"""The newest of a language; a search reads all of these."""


class SqlPlaybook:
    """Implements `agent.protocols.Playbook`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[int, Play] = {}
        """By number: a play never changes, and reading its JSON is most of a search's time."""

    @patient
    def add(self, play: Play) -> bool:
        """Remember a play; False where one of the same form is there, which then counts one job more."""
        check(play)
        with self._database.writing() as connection:
            known = connection.execute(select(plays).where(plays.c.form == play.form)).mappings().first()
            if known is None:
                row = {"form": play.form, "at": play.at, "language": play.language, "times": 1}
                connection.execute(insert(plays).values(**row, play=play_to_json(play)))
                return True
            if _remembered(known).play.job != play.job:  # a job that is resumed at its end finds it once more
                more = update(plays).where(plays.c.number == known["number"]).values(times=plays.c.times + 1)
                connection.execute(more)
        return False

    @patient
    def search(self, query: Query, most: int = 3) -> Sequence[Remembered]:
        """Those most like the query's code, the most alike first."""
        there = select(plays.c.number, plays.c.times).where(plays.c.language == query.language)
        with self._database.reading() as connection:
            rows = connection.execute(there.order_by(plays.c.number.desc()).limit(MOST_LOOKED_AT))
            times = {row.number: row.times for row in rows}
            missing = [number for number in times if number not in self._read]
            for start in range(0, len(missing), 500):
                wanted = select(plays).where(plays.c.number.in_(missing[start : start + 500]))
                for row in connection.execute(wanted).mappings():
                    self._read[row["number"]] = play_from_json(row["play"])
        known = [Remembered(number=number, play=self._read[number], times=count) for number, count in times.items()]
        return ranked(known, query, most)

    def plays(self, limit: int | None = None) -> Sequence[Remembered]:
        """What is remembered, the newest first."""
        return self._all(select(plays).order_by(plays.c.number.desc()).limit(limit))

    def get(self, number: int) -> Remembered:
        """By its number; raises UserError (404) where there is none."""
        found = self._all(select(plays).where(plays.c.number == number))
        if not found:
            raise UserError(f"there is no play {number}; `hasten playbook list` shows those there are", status=404)
        return found[0]

    def forget(self, number: int) -> None:
        """Remove one for good; raises UserError (404) where there is none."""
        self.get(number)
        with self._database.writing() as connection:
            connection.execute(delete(plays).where(plays.c.number == number))

    def clear(self) -> int:
        """Remove all for good; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(plays)).rowcount

    @patient
    def _all(self, query: Select[Any]) -> list[Remembered]:
        with self._database.reading() as connection:
            return [_remembered(row) for row in connection.execute(query).mappings()]


def _remembered(row: RowMapping) -> Remembered:
    return Remembered(number=row["number"], play=play_from_json(row["play"]), times=row["times"])
