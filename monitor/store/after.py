"""The tables of what comes after a verdict: alarms, incidents, what is told from outside, deliveries."""

from sqlalchemy import Index, Table

from monitor.store.tables import METADATA, moment, texts, whole

# How each alarm stands; `body` is the last judgement, JSON.
ALARM = Table(
    "alarm",
    METADATA,
    texts("monitor", key=True),
    texts("name", key=True),
    texts("state"),
    moment("since_at"),
    moment("seen_to"),
    texts("body"),
    sqlite_strict=True,
)

# Open ones and those that are over. `body` is the whole incident, JSON; what stands beside it is what is looked for:
# `verdict` and `said_at` are what somebody said of it last, and when.
INCIDENT = Table(
    "incident",
    METADATA,
    texts("id", key=True),
    texts("monitor"),
    texts("state"),
    texts("severity"),
    texts("cause"),
    moment("first_at"),
    moment("last_at"),
    moment("resolved_at", null=True),
    texts("verdict", null=True),
    moment("said_at", null=True),
    texts("body"),
    Index(None, "monitor", "last_at"),
    Index(None, "state", "last_at"),
    sqlite_strict=True,
)

# How many incidents of a cause a monitor has had; it outlives them.
OPENED = Table(
    "opened",
    METADATA,
    texts("monitor", key=True),
    texts("cause", key=True),
    whole("count"),
    sqlite_strict=True,
)

# What people and pipelines tell: a deploy, a holiday, an outage. `monitor` null: of all; `end_at` null: a moment.
OCCASION = Table(
    "occasion",
    METADATA,
    texts("id", key=True),
    texts("monitor", null=True),
    texts("kind"),
    moment("start_at"),
    moment("end_at", null=True),
    texts("why"),
    texts("who"),
    moment("made_at"),
    Index(None, "start_at"),
    sqlite_strict=True,
)

# An event of the outbox on its way to one receiver; `why` is what went wrong last.
DELIVERY = Table(
    "delivery",
    METADATA,
    texts("event", key=True),
    texts("receiver", key=True),
    texts("state"),
    whole("attempts"),
    moment("next_at"),
    moment("made_at"),
    moment("ended_at", null=True),
    texts("why"),
    Index(None, "state", "next_at"),
    sqlite_strict=True,
)
