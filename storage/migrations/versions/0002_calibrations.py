"""What each host made of identical code."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibrations",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("workload", sa.Text(), nullable=False),
        sa.Column("noise", sa.Float(), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_calibrations")),
    )
    op.create_index(op.f("ix_calibrations_host"), "calibrations", ["host"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_calibrations_host"), table_name="calibrations")
    op.drop_table("calibrations")
