"""The tables of what comes after a verdict: alarms, incidents, what is told from outside, deliveries, labels."""

from sqlalchemy import Column, Index, Table

from monitor.store.columns import Moment
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

# A file of labels that was read. `place` says when, in order: a file that has changed since gets a new one. `segments`
# are names, JSON; none where what it held has expired. `own_at` is its own time, of its folder or when it was written.
# `found` is how many of its labels have found a prediction.
LABELS = Table(
    "labels",
    METADATA,
    texts("monitor", key=True),
    texts("path", key=True),
    whole("size"),
    texts("stamp"),
    moment("own_at"),
    whole("place"),
    texts("digest"),
    texts("segments"),
    whole("labels"),
    whole("found"),
    texts("rejected"),
    moment("read_at"),
    whole("expired"),
    Index(None, "monitor", "place"),
    sqlite_strict=True,
)

# A judged window whose predictions wait for labels, in its latest `revision`. `judged`: whether its quality was, since
# labels were due; `seen_to`: the `place` up to which labels were joined with it, or have none for it; `touched`: labels
# have come since. `counted_to`: up to where the labels that are its own are known to have found a prediction.
AWAITED = Table(
    "awaited",
    METADATA,
    texts("monitor", key=True),
    Column("start_at", Moment, primary_key=True),
    Column("end_at", Moment, primary_key=True),
    whole("revision"),
    moment("due_at"),
    moment("until_at"),
    whole("predictions"),
    whole("labelled"),
    whole("judged"),
    whole("seen_to"),
    whole("counted_to"),
    whole("touched"),
    Index(None, "monitor", "due_at"),
    sqlite_strict=True,
)
