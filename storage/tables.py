"""The tables. What a job may not lose has a column; what only people read is JSON."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    text,
)

from storage.columns import String, Text, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


_PAID, _IMPORTED, _RETRIED = text("usd > 0"), text("imported IS NOT NULL"), text("retried IS NOT NULL")

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
    Column("tenant", String(32), nullable=False, server_default="local"),
    Column("kind", String(16), nullable=False, server_default="optimize"),
    Column("last_step", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String(128)),
    Column("lease_until", UtcDateTime, index=True),
    Column("wanted", String(8), nullable=False, server_default=""),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("due", UtcDateTime, index=True),
    Column("sealed", LargeBinary),
    Column("patch", String(64)),
    Column("kept", String(8), nullable=False, server_default="whole"),
    Column("source_digest", String(64), nullable=False, server_default=""),
    Column("gain", JSON(none_as_null=True)),
    Column("usd", Float, nullable=False, server_default="0"),
    Column("imported", UtcDateTime),
    Column("retried", UtcDateTime),
    Index("ix_jobs_tenant", "tenant", "created", "id"),
    Index("ix_jobs_tenant_status", "tenant", "status", "created", "id"),
    Index("ix_jobs_tenant_kind", "tenant", "kind", "created", "id"),
    Index("ix_jobs_tenant_source", "tenant", "source_digest", "created", "id"),
    Index("ix_jobs_tenant_usd", "tenant", "created", postgresql_where=_PAID, sqlite_where=_PAID),
    Index("ix_jobs_tenant_imported", "tenant", "imported", postgresql_where=_IMPORTED, sqlite_where=_IMPORTED),
    Index("ix_jobs_tenant_retried", "tenant", "retried", postgresql_where=_RETRIED, sqlite_where=_RETRIED),
    Index("ix_jobs_status", "status", "due"),
)
"""`request` is the Job; `report` and `patch` the digests of blobs; `confirmations` counts what was given out.

A job of the service has one lease at a time, counted by `fence`: a write under an older one is refused. `wanted` is
what a person asked of it meanwhile, `deaths` how many workers died in a row while they held it, `failures` how many
rounds in a row failed for want of something that may come back, `due` when it may next be claimed. `sealed` holds its
credentials, encrypted. `source_digest` is that of the source's name, by which a repository's jobs are found: a name may
be longer than an index takes. `gain` is the speedup of what the job delivers, as its report has it, `usd` what its
models may cost. `kept` is how much of an ended job is still there: `whole`, `thin` without its conversations and
samples, `thinning` and `leaving` while that, or all of it, is removed. `imported` is when it was taken in from
elsewhere, whose jobs are not begun again here; `retried` when it last was, and its dollars count in that month.
"""

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
    Index("ix_steps_kind", "job_id", "kind", "number"),
    Index("ix_steps_round", "job_id", "round", "number"),
    Index("ix_steps_candidate", "job_id", "candidate", "number"),
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

tenants = Table(
    "tenants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("limits", JSON, nullable=False),
)
"""Whom jobs belong to; `limits` are the quotas and spending caps that differ from the service's own."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime),
    Column("revoked", UtcDateTime),
    Column("used", UtcDateTime),
)
"""`digest` is the SHA-256 of the whole key, which is random and long, and kept nowhere."""

credentials = Table(
    "credentials",
    metadata,
    Column("tenant", ForeignKey("tenants.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
)
"""A tenant's own secrets by name (`git:HOST`, `model:PROVIDER`), encrypted."""

submissions = Table(
    "submissions",
    metadata,
    Column("tenant", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("job_id", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
"""What was submitted under an Idempotency-Key; `digest` is that of the request."""

reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("candidate", Integer),
    Column("path", Text),
    Column("line", Integer),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What a person said: `kind` is approve, reject or hint, of a job, a candidate or a line."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
)
"""Where a tenant is told of its jobs; `sealed` is the secret that signs, encrypted."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("webhook", ForeignKey("webhooks.id"), nullable=False, index=True),
    Column("event", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", UtcDateTime, index=True),
    Column("delivered", UtcDateTime),
    Column("detail", Text, nullable=False),
)
"""One message to one webhook; `due` is when it is sent next, None once it was delivered or given up."""

sweeps = Table(
    "sweeps",
    metadata,
    Column("place", String(255), primary_key=True),
    Column("at", UtcDateTime),
    Column("next", String(2), nullable=False),
    Column("found", JSON, nullable=False),
)
"""Of each place of blobs: when the last sweep ended, where the one under way goes on, and what the last one found."""

workers = Table(
    "workers",
    metadata,
    Column("owner", String(128), primary_key=True),
    Column("host", String(128), nullable=False, index=True),
    Column("started", UtcDateTime, nullable=False),
    Column("seen", UtcDateTime, nullable=False, index=True),
)
"""Processes that take jobs, and when they were last heard of."""

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("label", String(64), primary_key=True),
    Column("value", Float, nullable=False),
)
"""What has happened so often, for the metrics; it only ever grows, also when jobs are forgotten."""

spent = Table(
    "spent",
    metadata,
    Column("tenant", String(32), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("usd", Float, nullable=False),
)
"""Dollars of jobs that are no longer there, by the month that they count in, such as `2026-11`."""
