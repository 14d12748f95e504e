"""What goes into the ledger and comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor.window import Window


class Planned(Protocol):
    """What the schedule and the catch-up limits say is to be judged, and what is left out; `catchup.Plan` is one."""

    @property
    def windows(self) -> Sequence[Window]: ...

    @property
    def skipped(self) -> Sequence[Window]: ...

    @property
    def planned_to(self) -> datetime | None: ...

    @property
    def more_skipped(self) -> int: ...  # where not 0: so many windows, of which the first of `skipped` is the stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A window that is this daemon's to judge. `attempt` fences off everyone who held it before."""

    monitor: str
    window: Window
    revision: int
    attempt: int
    failures: int
    run_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A capture object that was read for a window, and how many of the window's records it had."""

    path: str
    size: int
    stamp: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What is remembered of a capture object: the first and last event time in it, and whether halves are in it.

    `dated_to`: the end of the hour or day that its folders name; None where they name none.
    """

    path: str
    size: int
    stamp: str
    first: datetime | None
    last: datetime | None
    is_half: bool = False
    dated_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to be told: a kind and a body. Its id is made from monitor, window, revision and kind.

    With a `key`, from monitor, window, kind and that: what was told of one revision is not told again of the next.
    """

    kind: str
    body: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """What the policy keeps of a window. `layout` names the cells that its `look` counts.

    `memory` and `learned` are empty where none is kept; `since` is from where on the memory still needs looks. Written
    with an empty `look` or with `said` None, what is there of them stays.
    """

    window: Window
    look: bytes = b""
    memory: bytes = b""
    learned: bytes = b""
    since: datetime | None = None
    layout: str = ""
    said: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is kept of the windows before one and after it, each in order."""

    before: Sequence[EvidenceRow] = ()
    after: Sequence[EvidenceRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """What somebody said of what was found; it holds for windows that end later than `after`. `feature` None: of all
    that are open."""

    made_at: datetime
    after: datetime
    kind: str
    feature: str | None = None
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """A file of labels that was read: its own time, how many labels it held and in which segments they are kept.

    `found` is how many of them have found a prediction, `place` says when it was read, in order. An expired one has no
    segments any more, and is not read again.
    """

    path: str
    size: int
    stamp: str
    own: datetime
    digest: str
    segments: tuple[str, ...]
    labels: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    found: int = 0
    place: int = 0
    is_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A judged window whose predictions wait for labels: from when on they are due, until when they are waited for.

    `is_judged`: its quality was judged since labels were due, with those of files up to the place `seen_to`.
    `counted_to`: up to where it is known whose labels are its own. `is_touched`: labels of its own have come since.
    """

    window: Window
    due: datetime
    until: datetime
    revision: int = 0
    predictions: int = 0
    labelled: int = 0
    is_judged: bool = False
    seen_to: int = 0
    counted_to: int = 0
    is_touched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a look at where labels come has found: files that are new or have changed; the windows that wait, as they
    were, looked through for the labels of these and of all files up to the place `looked_to`; those of them that have
    labels there; and by path how many labels of a file have found a prediction."""

    files: tuple[LabelFile, ...] = ()
    looked_to: int = 0
    looked_through: tuple[Awaited, ...] = ()
    touched: tuple[Window, ...] = ()
    found: Mapping[str, int] = field(default_factory=dict)


Stretch = tuple[datetime, datetime]
LABELLED = "labels"
"""Why a window is judged again whose captures are as they were: labels have come, or are due."""
ALARM = "policy.alarm"
"""The kind of event that counts as an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A judged window, as it is written down with its state in one transaction.

    `status` is the report's; `report` and `profile` are JSON documents (packed by the store); `rows_elsewhere` says
    by object how many records were seen that belong to other, closed windows (for records that came late).
    `evidence` is what the policy keeps, of this window and anew of later ones; `replays` says that the newest window
    is to be judged again for that. `awaited` is how it waits for labels, None where it does not; `is_labelled`: it was
    judged again for these, and read no captures.
    """

    status: str
    report: bytes
    profile: bytes
    figures: Mapping[str, Any]
    records: int = 0
    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    last_record: datetime | None = None
    inputs: Sequence[Input] = ()
    objects: Sequence[Object] = ()
    rows_elsewhere: Mapping[str, Mapping[Stretch, int]] = field(default_factory=dict)
    outbox: Sequence[Event] = ()
    evidence: Sequence[EvidenceRow] = ()
    replays: bool = False
    awaited: Awaited | None = None
    is_labelled: bool = False
    took_seconds: float = 0.0
    config_digest: str = ""
    baseline: str = ""
    input_digest: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What finishing a window brought to light: records that came late, by closed window; which windows reopened.

    `replayed` is the newest window where that is judged again for what came late before it, `alarms` how many alarms
    are told for the first time.
    """

    late: Mapping[Window, int]
    reopened: tuple[Window, ...]
    replayed: Window | None = None
    alarms: int = 0

    @property
    def late_records(self) -> int:
        return sum(self.late.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a window may fail before it is dead, and how long it waits in between."""

    most: int = 3
    waits: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25))

    def wait(self, failures: int) -> timedelta:
        return self.waits[min(failures, len(self.waits)) - 1]
