"""The tables. What a job may not lose has a column; what only people read is JSON."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; refuses a datetime that does not say its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store without a zone, which SQLite would lose anyway."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read back with its zone."""
        del dialect
        return value and value.replace(tzinfo=UTC)


jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created", UtcDateTime, nullable=False, index=True),
    Column("request", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("spend", JSON, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("ended", UtcDateTime),
    Column("report", String(64)),
    Column("confirmations", Integer, nullable=False, default=0),
)
"""`request` is the Job; `report` the digest of a blob; `confirmations` counts what was given out."""

steps = Table(
    "steps",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("candidate", Integer),
    Column("round", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

candidates = Table(
    "candidates",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("patch", Text, nullable=False),
    Column("parents", JSON, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("target", Text),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("author", Text, nullable=False, server_default=""),
)

rounds = Table(
    "rounds",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("directive", JSON, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("spend", JSON, nullable=False),
    Column("note", Text, nullable=False),
)
"""`directive` names candidates by number."""

verdicts = Table(
    "verdicts",
    metadata,
    Column("job_id", String(32), primary_key=True),
    Column("candidate", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("speedup", JSON(none_as_null=True)),
    Column("caveats", JSON, nullable=False),
    ForeignKeyConstraint(["job_id", "candidate"], ["candidates.job_id", "candidates.number"]),
)

evidence = Table(
    "evidence",
    metadata,
    Column("job_id", String(32), primary_key=True),
    Column("candidate", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    ForeignKeyConstraint(["job_id", "candidate"], ["candidates.job_id", "candidates.number"]),
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("host", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("workload", Text, nullable=False),
    Column("noise", Float, nullable=False),
    Column("clock", String(8), nullable=False),
    Column("pairs", Integer, nullable=False),
    Column("accepted", Boolean, nullable=False),
)
"""A/A runs; `host` is the fingerprint of the machine they were made on, `accepted` a gain seen where there is none."""

plays = Table(
    "plays",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("form", String(64), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("language", String(16), nullable=False),
    Column("times", Integer, nullable=False),
    Column("play", JSON, nullable=False),
    sqlite_autoincrement=True,
)
"""Kept rewrites across jobs; `times` counts the jobs that found the same form, `play` has all the rest."""
