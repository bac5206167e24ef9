"""The service: tenants and their keys, leases, reviews, webhooks, workers."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_jobs_tenant": ["tenant", "created", "id"],
    "ix_jobs_tenant_status": ["tenant", "status", "created", "id"],
    "ix_jobs_tenant_kind": ["tenant", "kind", "created", "id"],
    "ix_jobs_tenant_source": ["tenant", "source_digest", "created", "id"],
    "ix_jobs_status": ["status", "due"],
    "ix_jobs_lease_until": ["lease_until"],
    "ix_jobs_due": ["due"],
}
STEP_INDEXES = {
    "ix_steps_kind": ["job_id", "kind", "number"],
    "ix_steps_round": ["job_id", "round", "number"],
    "ix_steps_candidate": ["job_id", "candidate", "number"],
}
KINDS = {"judge": "judgement", "profile": "profile", "workload": "workload"}
"""By the strategy of jobs that search for nothing."""


def upgrade() -> None:
    with op.batch_alter_table("jobs") as table:
        for column in _job_columns():
            table.add_column(column)
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "jobs", columns)
    paid = sa.text("usd > 0")
    op.create_index(op.f("ix_jobs_tenant_usd"), "jobs", ["tenant", "created"], postgresql_where=paid, sqlite_where=paid)
    for name, columns in STEP_INDEXES.items():
        op.create_index(op.f(name), "steps", columns)
    op.execute(
        "UPDATE jobs SET last_step = COALESCE((SELECT MAX(steps.number) FROM steps WHERE steps.job_id = jobs.id), 0)"
    )
    _fill()
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime()),
        sa.Column("revoked", sa.DateTime()),
        sa.Column("used", sa.DateTime()),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name=op.f("fk_api_keys_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
    )
    op.create_index(op.f("ix_api_keys_tenant"), "api_keys", ["tenant"])
    op.create_table(
        "credentials",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name=op.f("fk_credentials_tenants")),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_credentials")),
    )
    op.create_table(
        "submissions",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_submissions")),
    )
    op.create_index(op.f("ix_submissions_at"), "submissions", ["at"])
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Integer()),
        sa.Column("path", sa.Text()),
        sa.Column("line", sa.Integer()),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_reviews_jobs")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_job_id"), "reviews", ["job_id"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name=op.f("fk_webhooks_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_tenant"), "webhooks", ["tenant"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("webhook", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime()),
        sa.Column("delivered", sa.DateTime()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.id"], name=op.f("fk_deliveries_webhooks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_webhook"), "deliveries", ["webhook"])
    op.create_index(op.f("ix_deliveries_due"), "deliveries", ["due"])
    op.create_table(
        "sweeps",
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime()),
        sa.Column("next", sa.String(length=2), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_sweeps")),
    )
    op.create_table(
        "workers",
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("host", sa.String(length=128), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_workers")),
    )
    op.create_index(op.f("ix_workers_host"), "workers", ["host"])
    op.create_index(op.f("ix_workers_seen"), "workers", ["seen"])
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "label", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    op.drop_table("sweeps")
    op.drop_table("tallies")
    for table in ("workers", "deliveries", "webhooks", "reviews", "submissions", "credentials", "api_keys", "tenants"):
        op.drop_table(table)
    for name in STEP_INDEXES:
        op.drop_index(op.f(name), table_name="steps")
    for name in (*INDEXES, "ix_jobs_tenant_usd"):
        op.drop_index(op.f(name), table_name="jobs")
    with op.batch_alter_table("jobs") as batch:
        for column in reversed(_job_columns()):
            batch.drop_column(column.name)
    # Words that the older version does not know; it can resume what was interrupted.
    unknown = "status IN ('queued', 'paused', 'cancelled')"
    op.execute(f"UPDATE jobs SET detail = 'it was ' || status WHERE {unknown} AND detail = ''")
    op.execute(f"UPDATE jobs SET status = 'interrupted' WHERE {unknown}")


def _job_columns() -> list[sa.Column]:
    return [
        sa.Column("tenant", sa.String(length=32), nullable=False, server_default="local"),
        sa.Column("kind", sa.String(length=16), nullable=False, server_default="optimize"),
        sa.Column("last_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.String(length=128)),
        sa.Column("lease_until", sa.DateTime()),
        sa.Column("wanted", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due", sa.DateTime()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("patch", sa.String(length=64)),
        sa.Column("kept", sa.String(length=8), nullable=False, server_default="whole"),
        sa.Column("source_digest", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("gain", sa.JSON()),
        sa.Column("usd", sa.Float(), nullable=False, server_default="0"),
    ]


def _fill() -> None:
    """What jobs of the command line were, which until now only their requests said."""
    columns = [sa.column(name) for name in ("id", "kind", "source_digest")]
    jobs = sa.table("jobs", *columns, sa.column("request", sa.JSON))
    connection = op.get_bind()
    for job_id, request in connection.execute(sa.select(jobs.c.id, jobs.c.request)).all():
        digest = hashlib.sha256(request.get("source", "").encode("utf-8", "surrogatepass")).hexdigest()
        kind = KINDS.get(request.get("strategy", ""), "optimize")
        values = {"kind": kind, "source_digest": digest}
        connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(values))
