"""A feature over windows as pictures: bands between quantiles with the baseline's behind them, and a number with its
limit. A window without a number is a gap, and every window is as wide as it is long."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.render.axis import FINEST, multiples, round_step
from monitor.render.bars import told_apart
from monitor.render.drawing import LETTER, Label, box, label, line, place
from monitor.render.timeaxis import TimeAxis
from monitor.window import Window
from monitor.wording import percent

WIDTH, LEFT = 760, 6.0
TOP, HIGH, LOW = 10.0, 190.0, 96.0
FOOT, STRIP = 34.0, 8.0
MOST_LEVELS = 4
Quantiles = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A window, and what is shown of it; None is a gap. `mark` is violated, unknown, failed, or empty; `told` is what a
    reader is told who points at it, and `href` where it leads."""

    window: Window
    value: Quantiles | float | None
    mark: str = ""
    told: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a reader points at a window."""

    path: str
    told: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Paths from the lowest to the uppermost by what they are, labels, and places to point at."""

    width: int
    height: int
    alt: str
    layers: tuple[tuple[str, str], ...]
    labels: tuple[Label, ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From numbers to heights, with round numbers beside it."""

    low: float
    high: float
    foot: float

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return self.foot - (inside - self.low) / (self.high - self.low) * (self.foot - TOP)

    def levels(self) -> list[float]:
        step = round_step(self.high - self.low, MOST_LEVELS)
        return [one for one in multiples(self.low, self.high, step).tolist() if self.low <= one <= self.high]


def bands(steps: Sequence[Step], base: Quantiles | None) -> Course | None:
    """From the 5 % to the 95 % quantile, the middle half within it, and the median; None where no window has any."""
    shown = [tuple(step.value) for step in steps if isinstance(step.value, Sequence)]
    scale = _scale([one for found in (*shown, *([tuple(base)] if base else [])) for one in found], TOP + HIGH)
    if not shown or scale is None:
        return None
    texts = told_apart(scale.levels())
    axis = TimeAxis(stretch=_stretch(steps), left=LEFT, right=_right(texts))
    behind = _behind(base, axis, scale) if base else ()
    runs = [*_runs(steps, axis)]
    mine = (
        ("now-wide", "".join(_band(run, scale, 0, 4) for run in runs)),
        ("now-half", "".join(_band(run, scale, 1, 3) for run in runs)),
        ("now-line", "".join(_line(run, scale, 2) for run in runs)),
    )
    alt = "The quantiles of each window over time, with those of the baseline behind them"
    return _drawn(steps, axis, scale, texts, (*behind, *mine), alt)


def values(steps: Sequence[Step], limit: Sequence[float | None], alt: str) -> Course | None:
    """A share of rows in each window as a line, and the limit of each as a dashed one; None where no window has any."""
    found = [step.value for step in steps if isinstance(step.value, float)]
    bounds = [one for one in limit if one is not None]
    scale = _scale([0.0, *found, *bounds], TOP + LOW)
    if not found or scale is None:
        return None
    texts = [percent(one) for one in scale.levels()]
    axis = TimeAxis(stretch=_stretch(steps), left=LEFT, right=_right(texts))
    limits = [Step(window=step.window, value=one) for step, one in zip(steps, limit, strict=True)]
    layers = (
        ("now-line", "".join(_line(run, scale, None) for run in _runs(steps, axis))),
        ("limit", "".join(_line(run, scale, None) for run in _runs(limits, axis))),
    )
    return _drawn(steps, axis, scale, texts, layers, alt)


def _stretch(steps: Sequence[Step]) -> Window:
    return Window(start=min(step.window.start for step in steps), end=max(step.window.end for step in steps))


def _scale(numbers: Sequence[float], foot: float) -> Scale | None:
    finite = [one for one in numbers if math.isfinite(one)]
    if not finite:
        return None
    low, high = min(finite), max(finite)
    air = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    if not (math.isfinite(air) and air > FINEST):
        return None
    return Scale(low=low if low == 0 else low - air, high=high + air, foot=foot)


def _right(texts: Sequence[str]) -> float:
    """The numbers of the scale stand on the right, where the newest windows are."""
    return WIDTH - max(36.0, max(map(len, texts), default=0) * LETTER + 10)


Run = list[tuple[float, float, Quantiles | float]]


def _runs(steps: Sequence[Step], axis: TimeAxis) -> Iterator[Run]:
    """Neighbours that have numbers, each with its left and right end."""
    run, last = Run(), None
    for step in steps:
        if step.value is None or (last is not None and step.window.start > last):
            if run:
                yield run
            run = []
        if step.value is not None:
            run.append((axis.at(step.window.start), axis.at(step.window.end), step.value))
        last = step.window.end
    if run:
        yield run


def _of(value: Quantiles | float, which: int | None) -> float:
    return value if isinstance(value, float) else value[which or 0]


def _steps(run: Run, scale: Scale, which: int | None) -> str:
    """The tops of a run from its left to its right, without where it begins."""
    return "".join(f"V{place(scale.at(_of(value, which)))}H{place(right)}" for _, right, value in run)


def _line(run: Run, scale: Scale, which: int | None) -> str:
    left, _, first = run[0]
    return f"M{place(left)} {place(scale.at(_of(first, which)))}{_steps(run, scale, which)}"


def _band(run: Run, scale: Scale, lower: int, upper: int) -> str:
    back = [(right, left, value) for left, right, value in reversed(run)]
    left, _, first = run[0]
    start = f"M{place(left)} {place(scale.at(_of(first, lower)))}"
    return f"{start}{_steps(run, scale, upper)}{_steps(back, scale, lower)}z"


def _behind(base: Quantiles, axis: TimeAxis, scale: Scale) -> tuple[tuple[str, str], ...]:
    wide = axis.right - axis.left
    return (
        ("base-wide", box(axis.left, scale.at(base[4]), wide, scale.at(base[0]) - scale.at(base[4]))),
        ("base-half", box(axis.left, scale.at(base[3]), wide, scale.at(base[1]) - scale.at(base[3]))),
        ("base-line", line(axis.left, scale.at(base[2]), across=wide)),
    )


def _drawn(
    steps: Sequence[Step],
    axis: TimeAxis,
    scale: Scale,
    texts: Sequence[str],
    layers: tuple[tuple[str, str], ...],
    alt: str,
) -> Course:
    levels = scale.levels()
    frame = "".join(line(axis.left, scale.at(one), across=axis.right - axis.left) for one in levels)
    frame += "".join(line(axis.at(at), scale.foot, down=6 + STRIP) for at in axis.ticks())
    beside = [label(axis.right + 6, scale.at(one) + 4, text, "start") for one, text in zip(levels, texts, strict=True)]
    strip = [
        (f"mark-{mark}", "".join(_mark(step, axis, scale) for step in steps if step.mark == mark))
        for mark in ("violated", "failed", "unknown")
    ]
    return Course(
        width=WIDTH,
        height=round(scale.foot + FOOT),
        alt=alt,
        layers=tuple(layer for layer in (("g", frame), *layers, *strip) if layer[1]),
        labels=(*beside, *axis.labels(scale.foot + 28)),
        spots=tuple(_spot(step, axis, scale) for step in steps if step.told),
    )


def _mark(step: Step, axis: TimeAxis, scale: Scale) -> str:
    left, right = axis.at(step.window.start), axis.at(step.window.end)
    return box(left, scale.foot + 4, max(right - left, 1.0), STRIP)


def _spot(step: Step, axis: TimeAxis, scale: Scale) -> Spot:
    left, right = axis.at(step.window.start), axis.at(step.window.end)
    path = box(left, TOP, max(right - left, 1.0), scale.foot + 4 + STRIP - TOP)
    return Spot(path=path, told=step.told, href=step.href)
