"""When a job was taken in from elsewhere or begun again, and what removed jobs have spent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENTS = ("imported", "retried")


def upgrade() -> None:
    with op.batch_alter_table("jobs") as table:
        for name in MOMENTS:
            table.add_column(sa.Column(name, sa.DateTime()))
    for name in MOMENTS:
        there = sa.text(f"{name} IS NOT NULL")
        index = op.f(f"ix_jobs_tenant_{name}")
        op.create_index(index, "jobs", ["tenant", name], postgresql_where=there, sqlite_where=there)
    op.create_table(
        "spent",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "month", name=op.f("pk_spent")),
    )


def downgrade() -> None:
    op.drop_table("spent")
    for name in MOMENTS:
        op.drop_index(op.f(f"ix_jobs_tenant_{name}"), table_name="jobs")
    with op.batch_alter_table("jobs") as table:
        for name in reversed(MOMENTS):
            table.drop_column(name)
