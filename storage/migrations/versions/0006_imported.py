"""Jobs that came from elsewhere, when an ended one was begun again, and what removed jobs have spent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("retried", sa.DateTime()))
    op.create_table(
        "spent",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "month", name=op.f("pk_spent")),
    )


def downgrade() -> None:
    op.drop_table("spent")
    with op.batch_alter_table("jobs") as table:
        table.drop_column("retried")
        table.drop_column("imported")
