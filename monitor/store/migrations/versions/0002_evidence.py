"""What the policy keeps of windows, and what people said of what it found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("monitor", sa.Column("alarms", WHOLE, nullable=True))
    evidence_table()
    mark_table()


def evidence_table() -> None:
    op.create_table(
        "evidence",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("since_at", WHOLE, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("look", sa.LargeBinary(), nullable=False),
        sa.Column("learned", sa.LargeBinary(), nullable=True),
        sa.Column("memory", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", name=op.f("pk_evidence")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_evidence_monitor_end_at"), "evidence", ["monitor", "end_at"], unique=False)
    for name in ("memory", "learned"):  # few rows have them, and these are looked for with every window
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_evidence_{name}",
            "evidence",
            ["monitor", "end_at"],
            unique=False,
            sqlite_where=there,
            postgresql_where=there,
        )


def mark_table() -> None:
    op.create_table(
        "mark",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("after_at", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("monitor", "place", name=op.f("pk_mark")),
        sqlite_strict=True,
    )
