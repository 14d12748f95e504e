"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Times stand as microseconds of UTC. SQLite's strict tables have short names for types.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    monitor_table()
    object_table()
    outbox_table()
    window_table()
    input_table()
    result_table()
    run_table()
    violation_table()


def monitor_table() -> None:
    op.create_table(
        "monitor",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("planned_to", WHOLE, nullable=True),
        sa.Column("watermark", WHOLE, nullable=True),
        sa.Column("ready_at", WHOLE, nullable=True),
        sa.Column("turn_at", WHOLE, nullable=True),
        sa.Column("last_run", WHOLE, nullable=True),
        sa.Column("last_success", WHOLE, nullable=True),
        sa.Column("last_record", WHOLE, nullable=True),
        sa.Column("last_seconds", NUMBER, nullable=True),
        sa.Column("more_skipped", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_monitor")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_monitor_ready_at"), "monitor", ["ready_at"], unique=False)


def object_table() -> None:
    op.create_table(
        "object",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("first_at", WHOLE, nullable=True),
        sa.Column("last_at", WHOLE, nullable=True),
        sa.Column("is_half", sa.Integer(), nullable=False),
        sa.Column("dated_to", WHOLE, nullable=True),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("monitor", "path", name=op.f("pk_object")),
        sqlite_strict=True,
    )


def outbox_table() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("next_at", WHOLE, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_outbox_state_next_at"), "outbox", ["state", "next_at"], unique=False)


def window_table() -> None:
    op.create_table(
        "window",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("again", WHOLE, nullable=False),
        sa.Column("attempt", WHOLE, nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", WHOLE, nullable=True),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("due_at", WHOLE, nullable=False),
        sa.Column("not_before", WHOLE, nullable=True),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("late", WHOLE, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", name=op.f("pk_window")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_window_monitor_end_at"), "window", ["monitor", "end_at"], unique=False)
    op.create_index(op.f("ix_window_state_monitor_end_at"), "window", ["state", "monitor", "end_at"], unique=False)


def input_table() -> None:
    op.create_table(
        "input",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.Column("late", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["monitor", "start_at", "end_at"],
            ["window.monitor", "window.start_at", "window.end_at"],
            name=op.f("fk_input_monitor_start_at_end_at_window"),
        ),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", "revision", "path", name=op.f("pk_input")),
        sqlite_strict=True,
    )


def result_table() -> None:
    op.create_table(
        "result",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("judged_at", WHOLE, nullable=False),
        sa.Column("took_seconds", NUMBER, nullable=False),
        sa.Column("records", WHOLE, nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("config_digest", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["monitor", "start_at", "end_at"],
            ["window.monitor", "window.start_at", "window.end_at"],
            name=op.f("fk_result_monitor_start_at_end_at_window"),
        ),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", "revision", name=op.f("pk_result")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_result_monitor_end_at_revision"), "result", ["monitor", "end_at", "revision"], unique=False
    )


def run_table() -> None:
    op.create_table(
        "run",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("attempt", WHOLE, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("finished_at", WHOLE, nullable=True),
        sa.Column("records", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["monitor", "start_at", "end_at"],
            ["window.monitor", "window.start_at", "window.end_at"],
            name=op.f("fk_run_monitor_start_at_end_at_window"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_run_monitor_start_at_end_at"), "run", ["monitor", "start_at", "end_at"], unique=False)
    op.create_index(op.f("ix_run_monitor_started_at_run_id"), "run", ["monitor", "started_at", "run_id"], unique=False)


def violation_table() -> None:
    op.create_table(
        "violation",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("start_at", WHOLE, nullable=False),
        sa.Column("end_at", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("value", NUMBER, nullable=True),
        sa.Column("low", NUMBER, nullable=True),
        sa.Column("high", NUMBER, nullable=True),
        sa.Column("threshold", NUMBER, nullable=True),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["monitor", "start_at", "end_at"],
            ["window.monitor", "window.start_at", "window.end_at"],
            name=op.f("fk_violation_monitor_start_at_end_at_window"),
        ),
        sa.PrimaryKeyConstraint("monitor", "start_at", "end_at", "revision", "place", name=op.f("pk_violation")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_violation_monitor_feature_start_at"), "violation", ["monitor", "feature", "start_at"], unique=False
    )
