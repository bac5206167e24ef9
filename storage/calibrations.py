"""A/A runs of every host that used this home, in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, insert, select

from agent.protocols import Calibrated
from storage.database import Database
from storage.retrying import patient, retried
from storage.rows import now
from storage.tables import calibrations
from tools.measure.calibrate import Calibration


class SqlCalibrations:
    """Implements `agent.protocols.Calibrations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, host: str, workload: str, found: Calibration) -> None:
        """Remember one A/A run; on disk when this returns."""
        row = {
            "host": host,
            "at": now(),
            "workload": workload,
            "noise": found.noise,
            "clock": found.clock,
            "pairs": found.pairs,
            "accepted": found.accepted,
        }
        retried(self._database, lambda again: self._add(row, again))

    def _add(self, row: Mapping[str, Any], again: bool) -> None:
        same = and_(calibrations.c.host == row["host"], calibrations.c.at == row["at"])
        with self._database.writing() as connection:
            if again and connection.execute(select(calibrations.c.number).where(same)).first():
                return  # an earlier try wrote it, and only the answer was lost
            connection.execute(insert(calibrations).values(**row))

    @patient
    def of(self, host: str, limit: int = 1000) -> Sequence[Calibrated]:
        """A host's runs, the newest first."""
        query = select(calibrations).where(calibrations.c.host == host)
        query = query.order_by(calibrations.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return [
                Calibrated(
                    at=row["at"],
                    workload=row["workload"],
                    found=Calibration(
                        noise=row["noise"], clock=row["clock"], pairs=row["pairs"], accepted=row["accepted"]
                    ),
                )
                for row in connection.execute(query).mappings()
            ]
