"""What happened to a monitor, on the columns of its windows: alarms, incidents, mutes, deploys, baselines, actions."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.web.history import Happening, Seen
from monitor.web.pages import places
from monitor.web.pages.grid import Columns

LANES: Mapping[str, str] = {
    "alarm": "Alarms",
    "incident": "Incidents",
    "mute": "Mutes",
    "told": "Deploys and the like",
    "baseline": "Baseline",
    "config": "Configuration",
    "learned": "Learning",
    "said": "What people said",
    "action": "Retraining and actions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands in a column: the beginning of something, or `goes_on`; in words, and where more is told."""

    text: str
    place: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """All that happened of one kind; a mark or None for each column."""

    name: str
    marks: Sequence[Mark | None]


def happened(over: Columns, told: Sequence[Happening]) -> list[Happening]:
    """What was told, and changes that windows show by themselves; the latest first."""
    return sorted((*told, *_changes(over)), key=lambda one: one.start, reverse=True)


def lanes(over: Columns, happenings: Sequence[Happening]) -> list[Lane]:
    """A lane for each kind of which there is any."""
    made = []
    for lane, name in LANES.items():
        found = [one for one in happenings if one.lane == lane]
        if found:
            made.append(Lane(name=name, marks=_marks(over, found)))
    return made


def place(one: Happening) -> str:
    """Where more is told of it; empty where nothing is."""
    return places.incident(one.key) if one.key else ""


def _changes(over: Columns) -> Iterator[Happening]:
    """Where a window was judged against another baseline, or with another configuration, than the one before."""
    judged = [one for one in over if one is not None and one.figures is not None]
    for before, after in itertools.pairwise(judged):
        if before.baseline != after.baseline:
            text = f"baseline {before.baseline} -> {after.baseline}"
            yield Happening(lane="baseline", start=after.start, end=after.start, text=text)
        if before.config_digest != after.config_digest:
            yield Happening(lane="config", start=after.start, end=after.start, text="the configuration changed")


def _marks(over: Columns, happenings: Sequence[Happening]) -> list[Mark | None]:
    marks: list[Mark | None] = [None] * len(over)
    for one in happenings:
        first, last = _reach(over, one.start, one.end)
        for column in range(first, last + 1):
            other = marks[column]
            if column > first and other is None:
                marks[column] = Mark(text=one.text, goes_on=True)
            elif column == first:
                more = "" if other is None or other.goes_on else f"; {other.text}"
                marks[column] = Mark(text=f"{one.text}{more}", place=place(one))
    return marks


def _reach(over: Columns, start: datetime, end: datetime | None) -> tuple[int, int]:
    """The columns of the first and the last window that something touches; without an end it goes on."""
    windows = [(column, one) for column, one in enumerate(over) if one is not None]
    first = next((column for column, one in windows if one.end > start), windows[-1][0])
    if end is None:
        return first, windows[-1][0]
    return first, max([first, *(column for column, one in windows if one.start < end)])


def is_shown(over: Columns, one: Happening) -> bool:
    """Whether any of it lies in these windows."""
    known: list[Seen] = [window for window in over if window is not None]
    return bool(known) and one.start <= known[-1].end and (one.end is None or one.end >= known[0].start)
