"""The rounds of a search, and which round and model a candidate came from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("directive", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("spend", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_rounds_jobs")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("jobs") as table:
        table.drop_column("numbers")
    with op.batch_alter_table("candidates") as table:
        table.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("author", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("candidates") as table:
        table.drop_column("author")
        table.drop_column("round")
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("numbers", sa.Integer(), nullable=False, server_default="0"))
    # The older version counts there what it gave out, and must give none of it out again.
    last = "SELECT MAX(candidates.number) FROM candidates WHERE candidates.job_id = jobs.id"
    op.execute(f"UPDATE jobs SET numbers = COALESCE(({last}), 0)")
    op.drop_table("rounds")
