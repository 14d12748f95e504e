"""The tables. A change here needs a step in migrations/versions: a test compares the two."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, MetaData, Table, Text, text

from monitor.store.columns import NUMBER, WHOLE, Moment

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, WHOLE, nullable=null)


def texts(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, primary_key=key)


def moment(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, Moment, nullable=null)


def _of_window() -> list[Column[object]]:
    """The key of a window; with a fourth column it is the key of what belongs to one revision of it."""
    return [
        Column("monitor", Text, primary_key=True),
        Column("start_at", Moment, primary_key=True),
        Column("end_at", Moment, primary_key=True),
    ]


def _window_there() -> ForeignKeyConstraint:
    key = ["monitor", "start_at", "end_at"]
    return ForeignKeyConstraint(key, [f"window.{name}" for name in key])


# One row a monitor. `ready_at`: when its next window may be claimed; null while one is running or none is open.
# `turn_at`: when it last gave a worker back, so that monitors with a backlog take turns. `alarms`: how many events of
# alarms were ever told, null for none. `followed_to`: the end of the newest window that alarms and incidents followed.
MONITOR = Table(
    "monitor",
    METADATA,
    texts("name", key=True),
    moment("planned_to", null=True),
    moment("watermark", null=True),
    moment("ready_at", null=True),
    moment("turn_at", null=True),
    moment("last_run", null=True),
    moment("last_success", null=True),
    moment("last_record", null=True),
    Column("last_seconds", NUMBER),
    whole("more_skipped"),
    whole("alarms", null=True),
    moment("followed_to", null=True),
    Index(None, "ready_at"),
    sqlite_strict=True,
)

# `revision` is the latest one that was judged (0: none); an open window is judged for `revision + 1`. `again`: reopened
# while it runs, so pending again when it is done. `attempt` fences; `failures` counts since it was opened.
WINDOW = Table(
    "window",
    METADATA,
    *_of_window(),
    texts("state"),
    whole("revision"),
    whole("again"),
    whole("attempt"),
    whole("failures"),
    texts("owner", null=True),
    moment("lease_until", null=True),
    moment("opened_at"),
    moment("due_at"),
    moment("not_before", null=True),
    texts("run_id", null=True),
    texts("status", null=True),
    texts("reason"),
    texts("why"),
    whole("late"),
    moment("closed_at", null=True),
    Index(None, "state", "monitor", "end_at"),
    Index(None, "monitor", "end_at"),
    sqlite_strict=True,
)

RUN = Table(
    "run",
    METADATA,
    texts("run_id", key=True),
    texts("monitor"),
    moment("start_at"),
    moment("end_at"),
    whole("revision"),
    whole("attempt"),
    texts("owner"),
    texts("state"),
    texts("status", null=True),
    moment("started_at"),
    moment("finished_at", null=True),
    whole("records", null=True),
    texts("reason"),
    texts("why"),
    _window_there(),
    Index(None, "monitor", "started_at", "run_id"),
    Index(None, "monitor", "start_at", "end_at"),
    sqlite_strict=True,
)

# The blobs stand last, so that what stands before them is read without them.
RESULT = Table(
    "result",
    METADATA,
    *_of_window(),
    Column("revision", WHOLE, primary_key=True),
    texts("run_id"),
    texts("status"),
    moment("judged_at"),
    Column("took_seconds", NUMBER, nullable=False),
    whole("records"),
    whole("rows"),
    texts("rejected"),
    texts("config_digest"),
    texts("baseline"),
    texts("input_digest"),
    texts("folder"),
    texts("figures"),
    Column("report", LargeBinary, nullable=False),
    Column("profile", LargeBinary, nullable=False),
    _window_there(),
    Index(None, "monitor", "end_at", "revision"),
    sqlite_strict=True,
)

VIOLATION = Table(
    "violation",
    METADATA,
    *_of_window(),
    Column("revision", WHOLE, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    texts("rule"),
    texts("feature", null=True),
    texts("severity"),
    Column("value", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("threshold", NUMBER),
    texts("direction", null=True),
    texts("method"),
    texts("why"),
    _window_there(),
    Index(None, "monitor", "feature", "start_at"),
    sqlite_strict=True,
)

# What was read for a revision. `late`: the window's records seen in the object by others after that revision.
INPUT = Table(
    "input",
    METADATA,
    *_of_window(),
    Column("revision", WHOLE, primary_key=True),
    texts("path", key=True),
    whole("size"),
    texts("stamp"),
    whole("rows"),
    whole("late"),
    _window_there(),
    sqlite_strict=True,
)

OBJECT = Table(
    "object",
    METADATA,
    texts("monitor", key=True),
    texts("path", key=True),
    whole("size"),
    texts("stamp"),
    moment("first_at", null=True),
    moment("last_at", null=True),
    Column("is_half", Integer, nullable=False),
    moment("dated_to", null=True),
    moment("seen_at"),
    sqlite_strict=True,
)

OUTBOX = Table(
    "outbox",
    METADATA,
    texts("id", key=True),
    texts("monitor"),
    moment("start_at"),
    moment("end_at"),
    whole("revision"),
    texts("kind"),
    texts("body"),
    texts("state"),
    whole("attempts"),
    moment("next_at"),
    moment("made_at"),
    Index(None, "state", "next_at"),
    Index(
        "ix_outbox_told", "monitor", "end_at",
        sqlite_where=text("kind <> 'window.judged'"), postgresql_where=text("kind <> 'window.judged'"),
    ),
    sqlite_strict=True,
)  # fmt: skip

# What the policy keeps of a window, in its latest revision. `layout` names the cells that the look counts; `since_at`:
# from where on the memory still needs looks. It outlives its window where what is kept of later ones rests on it.
EVIDENCE = Table(
    "evidence",
    METADATA,
    *_of_window(),
    whole("revision"),
    texts("layout"),
    moment("since_at", null=True),
    texts("said"),
    Column("look", LargeBinary, nullable=False),
    Column("learned", LargeBinary),
    Column("memory", LargeBinary),
    Index(None, "monitor", "end_at"),
    Index(
        "ix_evidence_memory", "monitor", "end_at",
        sqlite_where=text("memory IS NOT NULL"), postgresql_where=text("memory IS NOT NULL"),
    ),
    Index(
        "ix_evidence_learned", "monitor", "end_at",
        sqlite_where=text("learned IS NOT NULL"), postgresql_where=text("learned IS NOT NULL"),
    ),
    sqlite_strict=True,
)  # fmt: skip

# What people said of findings, in order. It holds for windows that end after `after_at`.
MARK = Table(
    "mark",
    METADATA,
    texts("monitor", key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    moment("made_at"),
    moment("after_at"),
    texts("kind"),
    texts("feature", null=True),
    texts("who"),
    texts("why"),
    sqlite_strict=True,
)
