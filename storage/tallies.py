"""How often things have happened in all processes of a service, counted in the transaction that made them happen."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Database
from storage.tables import tallies

ROUND_BUCKETS_S = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)


class Tally(StrEnum):
    """What is counted; each has labels of its own, or the empty one."""

    VERDICTS = "verdicts"
    """By outcome."""
    ROUNDS = "rounds"
    """By how they ended."""
    ROUND_SECONDS = "round_seconds"
    """Of those that came to their end: by bucket, and `sum`."""
    LEASES_LOST = "leases_lost"
    SWEEPS = "sweeps"
    MODEL_CALLS = "model_calls"
    MODEL_TOKENS = "model_tokens"
    MODEL_USD = "model_usd"
    DELIVERIES = "deliveries"
    """Of webhooks, by how a try ended."""


ENDED, HANDED_OVER, LOST = "ended", "handed_over", "lost"
"""How rounds end: by themselves, by a worker that stops, with a worker that died."""
SUM, INFINITE = "sum", "+Inf"


def count(connection: Connection, tally: Tally, amounts: Mapping[str, float]) -> None:
    """Add amounts by label. It locks these counts until the transaction ends: let it be the last thing in there."""
    rows = [{"name": tally.value, "label": label, "value": float(amount)} for label, amount in sorted(amounts.items())]
    rows = [row for row in rows if row["value"]]
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    adding = insert(tallies).values(rows)
    keys = [tallies.c.name, tallies.c.label]
    summed = {"value": tallies.c.value + adding.excluded.value}
    connection.execute(adding.on_conflict_do_update(index_elements=keys, set_=summed))


def count_seconds(connection: Connection, seconds: float) -> None:
    """Add how long a round took."""
    bucket = next((f"{most:g}" for most in ROUND_BUCKETS_S if seconds <= most), INFINITE)
    count(connection, Tally.ROUND_SECONDS, {bucket: 1, SUM: seconds})


class SqlTallies:
    """Reads what was counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[Tally, Mapping[str, float]]:
        """Every count by label."""
        found: dict[Tally, dict[str, float]] = {tally: {} for tally in Tally}
        with self._database.reading() as connection:
            for row in connection.execute(select(tallies)):
                if row.name in _NAMES:  # a newer version may count more
                    found[Tally(row.name)][row.label] = row.value
        return found


_NAMES = frozenset(tally.value for tally in Tally)
