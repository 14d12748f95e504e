"""What went on beside the windows, each kind of thing on a lane of its own over one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.render.drawing import LETTER, Label, Picture, box, label, line
from monitor.render.rows import fitting
from monitor.render.timeaxis import LEFT, RIGHT, WIDTH, TimeAxis
from monitor.window import Window

PITCH, HIGH, TOP, NAME = 18, 12, 4, 24
LEAST = 3.0  # units that even a moment is wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From when to when; without an end a moment. `text` stands beside it where there is room."""

    start: datetime
    end: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Things of one kind in order; those of a `fault` are hatched, others filled."""

    name: str
    things: Sequence[Stretch]
    is_fault: bool = False


def lanes(stretch: Window, found: Sequence[Lane]) -> Picture:
    """The lanes below each other, moments as narrow bars."""
    axis = TimeAxis(stretch=stretch)
    base, now, labels = "", "", list[Label]()
    for number, lane in enumerate(found):
        y = TOP + number * PITCH
        labels.append(label(LEFT - 8, y + 10, fitting(lane.name, NAME), "end"))
        ends = [_ends(axis, thing) for thing in lane.things]
        drawn = "".join(box(left, y, right - left, HIGH) for left, right in ends)
        now, base = (now + drawn, base) if lane.is_fault else (now, base + drawn)
        labels += _texts(lane.things, ends, y + 10)
    foot = TOP + len(found) * PITCH
    many = sum(len(lane.things) for lane in found)
    return Picture(
        width=WIDTH,
        height=foot + 20,
        alt=f"What went on meanwhile: {many} things on {len(found)} lines over the same time",
        base=base,
        now=now,
        frame="".join(line(axis.at(at), 0, down=foot + 4) for at in axis.ticks()),
        labels=(*labels, *axis.labels(foot + 16)),
    )


def _ends(axis: TimeAxis, thing: Stretch) -> tuple[float, float]:
    left = axis.at(thing.start)
    right = max(axis.at(thing.end or thing.start), left + LEAST)
    return min(left, RIGHT - LEAST), min(right, RIGHT)


def _texts(things: Sequence[Stretch], ends: Sequence[tuple[float, float]], y: float) -> list[Label]:
    """The texts that have room behind their bars, up to the next one."""
    found = []
    limits = [left for left, _ in ends[1:]] + [RIGHT]
    for thing, (_, right), limit in zip(things, ends, limits, strict=True):
        most = int((limit - right - 10) / LETTER)
        if thing.text and most >= 4:
            found.append(label(right + 5, y, fitting(thing.text, min(most, 40)), "start"))
    return found
