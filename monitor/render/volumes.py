"""Rows of each window over time, and what was rejected of it, as upright bars."""

from collections.abc import Sequence

from monitor.render.axis import multiples, round_step
from monitor.render.drawing import Picture, box, label, line
from monitor.render.timeaxis import LEFT, WIDTH, TimeAxis, columns
from monitor.window import Window
from monitor.wording import number

TOP, FOOT = 8.0, 78.0


def volumes(windows: Sequence[Window], rows: Sequence[int], rejected: Sequence[int], stretch: Window) -> Picture:
    """Rows filled, rejected records hatched on top of them; of windows that share a column their mean."""
    axis = TimeAxis(stretch=stretch)
    shared = columns(windows, axis)
    taken = [_mean(rows[column.first : column.last + 1]) for column in shared]
    lost = [_mean(rejected[column.first : column.last + 1]) for column in shared]
    highest = max((a + b for a, b in zip(taken, lost, strict=True)), default=0.0) or 1.0
    levels = multiples(0.0, highest, round_step(highest, 2, whole=highest >= 2)).tolist()
    levels = levels[:-1] if len(levels) > 2 and levels[-2] >= highest else levels
    scale = (FOOT - TOP) / levels[-1]
    base, now = "", ""
    for column, a, b in zip(shared, taken, lost, strict=True):
        width = column.right - column.left
        inset = 0.5 if width > 3 else 0.0
        base += box(column.left + inset, FOOT - a * scale, width - 2 * inset, a * scale)
        now += box(column.left + inset, FOOT - (a + b) * scale, width - 2 * inset, b * scale)
    return Picture(
        width=WIDTH,
        height=round(FOOT + 20),
        alt="Rows of each window over time, and records that were rejected",
        base=base,
        now=now,
        frame="".join(line(LEFT, FOOT - at * scale, across=axis.right - LEFT) for at in levels),
        labels=(
            *(label(LEFT - 8, FOOT - at * scale + 4, number(at), "end") for at in levels),
            *axis.labels(FOOT + 16),
        ),
    )


def _mean(counts: Sequence[int]) -> float:
    return sum(counts) / len(counts)
