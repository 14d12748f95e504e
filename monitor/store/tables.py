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


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, WHOLE, nullable=null)


def _text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, primary_key=key)


def _moment(name: str, *, null: bool = False) -> Column[object]:
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
    _text("name", key=True),
    _moment("planned_to", null=True),
    _moment("watermark", null=True),
    _moment("ready_at", null=True),
    _moment("turn_at", null=True),
    _moment("last_run", null=True),
    _moment("last_success", null=True),
    _moment("last_record", null=True),
    Column("last_seconds", NUMBER),
    _whole("more_skipped"),
    _whole("alarms", null=True),
    _moment("followed_to", null=True),
    Index(None, "ready_at"),
    sqlite_strict=True,
)

# `revision` is the latest one that was judged (0: none); an open window is judged for `revision + 1`. `again`: reopened
# while it runs, so pending again when it is done. `attempt` fences; `failures` counts since it was opened.
WINDOW = Table(
    "window",
    METADATA,
    *_of_window(),
    _text("state"),
    _whole("revision"),
    _whole("again"),
    _whole("attempt"),
    _whole("failures"),
    _text("owner", null=True),
    _moment("lease_until", null=True),
    _moment("opened_at"),
    _moment("due_at"),
    _moment("not_before", null=True),
    _text("run_id", null=True),
    _text("status", null=True),
    _text("reason"),
    _text("why"),
    _whole("late"),
    _moment("closed_at", null=True),
    Index(None, "state", "monitor", "end_at"),
    Index(None, "monitor", "end_at"),
    sqlite_strict=True,
)

RUN = Table(
    "run",
    METADATA,
    _text("run_id", key=True),
    _text("monitor"),
    _moment("start_at"),
    _moment("end_at"),
    _whole("revision"),
    _whole("attempt"),
    _text("owner"),
    _text("state"),
    _text("status", null=True),
    _moment("started_at"),
    _moment("finished_at", null=True),
    _whole("records", null=True),
    _text("reason"),
    _text("why"),
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
    _text("run_id"),
    _text("status"),
    _moment("judged_at"),
    Column("took_seconds", NUMBER, nullable=False),
    _whole("records"),
    _whole("rows"),
    _text("rejected"),
    _text("config_digest"),
    _text("baseline"),
    _text("input_digest"),
    _text("folder"),
    _text("figures"),
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
    _text("rule"),
    _text("feature", null=True),
    _text("severity"),
    Column("value", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("threshold", NUMBER),
    _text("direction", null=True),
    _text("method"),
    _text("why"),
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
    _text("path", key=True),
    _whole("size"),
    _text("stamp"),
    _whole("rows"),
    _whole("late"),
    _window_there(),
    sqlite_strict=True,
)

OBJECT = Table(
    "object",
    METADATA,
    _text("monitor", key=True),
    _text("path", key=True),
    _whole("size"),
    _text("stamp"),
    _moment("first_at", null=True),
    _moment("last_at", null=True),
    Column("is_half", Integer, nullable=False),
    _moment("dated_to", null=True),
    _moment("seen_at"),
    sqlite_strict=True,
)

OUTBOX = Table(
    "outbox",
    METADATA,
    _text("id", key=True),
    _text("monitor"),
    _moment("start_at"),
    _moment("end_at"),
    _whole("revision"),
    _text("kind"),
    _text("body"),
    _text("state"),
    _whole("attempts"),
    _moment("next_at"),
    _moment("made_at"),
    Index(None, "state", "next_at"),
    sqlite_strict=True,
)

# What the policy keeps of a window, in its latest revision. `layout` names the cells that the look counts; `since_at`:
# from where on the memory still needs looks. It outlives its window where what is kept of later ones rests on it.
EVIDENCE = Table(
    "evidence",
    METADATA,
    *_of_window(),
    _whole("revision"),
    _text("layout"),
    _moment("since_at", null=True),
    _text("said"),
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
    _text("monitor", key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _moment("made_at"),
    _moment("after_at"),
    _text("kind"),
    _text("feature", null=True),
    _text("who"),
    _text("why"),
    sqlite_strict=True,
)

# How each alarm stands; `body` is the last judgement, JSON.
ALARM = Table(
    "alarm",
    METADATA,
    _text("monitor", key=True),
    _text("name", key=True),
    _text("state"),
    _moment("since_at"),
    _moment("seen_to"),
    _text("body"),
    sqlite_strict=True,
)

# Open ones and those that are over. `body` is the whole incident, JSON; what stands beside it is what is looked for.
INCIDENT = Table(
    "incident",
    METADATA,
    _text("id", key=True),
    _text("monitor"),
    _text("state"),
    _text("severity"),
    _text("cause"),
    _moment("first_at"),
    _moment("last_at"),
    _moment("resolved_at", null=True),
    _text("body"),
    Index(None, "monitor", "last_at"),
    Index(None, "state", "last_at"),
    sqlite_strict=True,
)

# What people and pipelines tell: a deploy, a holiday, an outage. `monitor` null: of all; `end_at` null: a moment.
OCCASION = Table(
    "occasion",
    METADATA,
    _text("id", key=True),
    _text("monitor", null=True),
    _text("kind"),
    _moment("start_at"),
    _moment("end_at", null=True),
    _text("why"),
    _text("who"),
    _moment("made_at"),
    Index(None, "start_at"),
    sqlite_strict=True,
)

# An event of the outbox on its way to one receiver; `why` is what went wrong last.
DELIVERY = Table(
    "delivery",
    METADATA,
    _text("event", key=True),
    _text("receiver", key=True),
    _text("state"),
    _whole("attempts"),
    _moment("next_at"),
    _moment("made_at"),
    _moment("ended_at", null=True),
    _text("why"),
    Index(None, "state", "next_at"),
    sqlite_strict=True,
)
