"""Files of labels that were read, and windows whose predictions wait for labels."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("own_at", WHOLE, nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("labels", WHOLE, nullable=False),
        sa.Column("found", WHOLE, nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("read_at", WHOLE, nullable=False),
        sa.Column("expired", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("monitor", "path", name=op.f("pk_labels")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_labels_monitor_place"), "labels", ["monitor", "place"], unique=False)
    op.create_table(
        "awaited",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("due_at", WHOLE, nullable=False),
        sa.Column("until_at", WHOLE, nullable=False),
        sa.Column("predictions", WHOLE, nullable=False),
        sa.Column("labelled", WHOLE, nullable=False),
        sa.Column("judged", WHOLE, nullable=False),
        sa.Column("seen_to", WHOLE, nullable=False),
        sa.Column("counted_to", WHOLE, nullable=False),
        sa.Column("touched", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", name=op.f("pk_awaited")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_awaited_monitor_due_at"), "awaited", ["monitor", "due_at"], unique=False)
