"""Kept rewrites that are remembered across jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plays",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("play", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_plays")),
        sa.UniqueConstraint("form", name=op.f("uq_plays_form")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("plays")
