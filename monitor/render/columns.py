"""A numeric feature as upright bars: equal bins on an axis of its own numbers, or one column for each cell."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.feature import Numeric
from monitor.render.axis import multiples, round_step
from monitor.render.bars import Bar, bounds, told_apart
from monitor.render.drawing import LETTER, WIDTH, Label, Picture, box, label, line, place
from monitor.render.histogram import Histogram, histogram
from monitor.wording import percent

TOP, FOOT, HEIGHT = 12.0, 150.0, 186  # upper and lower end of the bars; two lines of labels stand below
LEFT, GAP, NARROWEST = 44.0, 8.0, 36.0
LOWER_EDGE = "\u2265"  # "at least": a bin holds its lower edge
LOWER, HIGHER = "lower", "higher"
LONG, LONG_OUTSIDE = 10, 8  # characters that there is room for, below the axis and beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Shares of rows, over a stretch of the axis; one that stands apart has a text of its own below it."""

    now: float
    base: float
    text: str = ""
    x: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Where numbers from `low` to `high` stand between `left` and `right`."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def numeric(now: Numeric, base: Numeric, cells: Sequence[Bar]) -> Picture:
    """Bins in the feature's units where it has a spread, else a column for each cell; missing always apart."""
    binned = histogram(now, base)
    columns = [
        Column(
            now=bar.now / max(1, now.rows),
            base=bar.base / max(1, base.rows),
            text=bar.label if bar.is_value else _outside(bar.label.replace("below", "<").replace("above", ">")),
        )
        for bar in cells
    ]
    apart = [column for column, bar in zip(columns, cells, strict=True) if not bar.is_value]
    if binned is not None:
        return _binned(binned, [column for column in apart if column.text in ("missing", "no number")], base)
    values = [column for column, bar in zip(columns, cells, strict=True) if bar.is_value]
    return _by_cell(values, apart, [] if base.is_discrete else bounds(base))


def _binned(found: Histogram, others: Sequence[Column], base: Numeric) -> Picture:
    low, high = float(found.edges[0]), float(found.edges[-1])
    first, last = map(_short, told_apart([low + found.shift, high + found.shift]))
    below = Column(now=float(found.now[0]), base=float(found.base[0]), text=_outside(f"< {first}"))
    above = Column(now=float(found.now[-1]), base=float(found.base[-1]), text=_outside(f"{LOWER_EDGE} {last}"))
    before, after = _where_any([below]), [*_where_any([above]), *others]
    right = WIDTH - _gap(last) - _breadth(after)
    axis = Axis(low=low, high=high, left=_start(before, first), right=right)
    places = [axis.at(float(edge)) for edge in found.edges]
    shares = zip(found.now[1:-1].tolist(), found.base[1:-1].tolist(), places, places[1:], strict=False)
    bins = [Column(now=a, base=b, x=x, width=end - x) for a, b, x, end in shares]
    ends = (line(axis.at(at), FOOT, down=TOP - FOOT) for at in (base.low, base.high) if low <= at <= high)
    picture = _drawn(bins, [*_apart(before, LEFT), *_apart(after, WIDTH - _breadth(after))], _ticks(axis, base))
    return replace(picture, marks="".join(ends), is_binned=True)


def _ticks(axis: Axis, base: Numeric) -> list[Label]:
    """Round numbers below the axis, as many as do not touch."""
    widest = max(len(_short(text)) for text in told_apart([axis.low, axis.high]))
    most = max(1, int((axis.right - axis.left) / ((widest + 2) * LETTER)))
    step = round_step(axis.high - axis.low, most, whole=base.type == "Integral")
    at = [float(value) for value in multiples(axis.low, axis.high, step) if axis.low <= value <= axis.high]
    return [label(axis.at(value), FOOT + 14, _short(text)) for value, text in zip(at, told_apart(at), strict=True)]


def _by_cell(values: Sequence[Column], others: Sequence[Column], edges: Sequence[str]) -> Picture:
    """Columns of one width, with the bounds between them, or their values below them; as many texts as have room."""
    before = [column for column in others if column.text.startswith("<") or column.text == LOWER]
    after = [column for column in others if column not in before]
    has_edges = len(edges) == len(values) + 1
    texts = [_short(text) for text in (edges if has_edges else [column.text for column in values])]
    first, last = (texts[0], texts[-1]) if has_edges else ("", "")
    left, right = _start(before, first), WIDTH - _gap(last) - _breadth(after)
    width = (right - left) / max(1, len(values))
    width, air = (width, 0.0) if has_edges else (min(56.0, width), min(6.0, width / 5))
    placed = [replace(c, x=left + i * width + air / 2, width=width - air) for i, c in enumerate(values)]
    start = left if has_edges else left + width / 2
    every = max(1, math.ceil((max(map(len, texts), default=0) + 1) * LETTER / width))
    labels = [label(start + i * width, FOOT + 14, text) for i, text in enumerate(texts) if i % every == 0]
    return _drawn(placed, [*_apart(before, LEFT), *_apart(after, WIDTH - _breadth(after))], labels)


def _short(text: str) -> str:
    """A number with three digits where it is long; the table has them all."""
    return text if len(text) <= LONG or " " in text else f"{float(text):.3g}"


def _outside(text: str) -> str:
    """The same for what lies beyond the axis, such as < 1.5."""
    if len(text) <= LONG_OUTSIDE or not text.startswith(("<", ">", LOWER_EDGE)):
        return text
    return LOWER if text.startswith("<") else HIGHER


def _where_any(columns: Iterable[Column]) -> list[Column]:
    return [column for column in columns if column.now or column.base]


def _room(column: Column) -> float:
    return max(NARROWEST, len(column.text) * LETTER)


def _breadth(columns: Sequence[Column]) -> float:
    return sum(map(_room, columns)) + GAP * max(0, len(columns) - 1)


def _gap(text: str) -> float:
    """Between the axis and what stands apart: half of the text at the axis' end reaches into it."""
    return max(GAP, len(text) * LETTER / 2 + 4)


def _start(before: Sequence[Column], text: str) -> float:
    return LEFT + _breadth(before) + (_gap(text) if before else 0)


def _apart(columns: Sequence[Column], x: float) -> list[Column]:
    """Columns beside the axis, each as wide as its text."""
    placed = []
    for column in columns:
        placed.append(replace(column, x=x, width=_room(column)))
        x += _room(column) + GAP
    return placed


def _drawn(inside: Sequence[Column], apart: Sequence[Column], labels: Sequence[Label]) -> Picture:
    highest = max((max(c.now, c.base) for c in [*inside, *apart]), default=0.0) or 1.0
    levels = multiples(0.0, highest, round_step(highest, 3)).tolist()
    levels = levels[:-1] if len(levels) > 2 and levels[-2] >= highest * (1 - 1e-9) else levels
    scale = (FOOT - TOP) / levels[-1]
    heights = [label(LEFT - 5, FOOT - at * scale + 4, percent(at), "end") for at in levels]
    names = [label(c.x + c.width / 2, FOOT + 14, c.text) for c in apart]
    shares = [label(c.x + c.width / 2, FOOT + 28, percent(c.now), strong=True) for c in apart]
    return Picture(
        height=HEIGHT,
        base="".join(box(c.x + 0.5, FOOT - c.base * scale, c.width - 1, c.base * scale) for c in [*inside, *apart]),
        now=_outline(inside, scale) + "".join(_outline([column], scale) for column in apart),
        frame="".join(line(LEFT, FOOT - at * scale, across=WIDTH - LEFT) for at in levels),
        labels=(*heights, *labels, *names, *shares),
    )


def _outline(columns: Sequence[Column], scale: float) -> str:
    """One line over the tops of neighbours, from the axis and back to it; gaps between columns go down to it."""
    path, pen = "", None
    for column in columns:
        if pen is None or column.x - pen > 0.5:
            path += f"{_closed(pen)}M{place(column.x)} {place(FOOT)}"
        path += f"V{place(FOOT - column.now * scale)}H{place(column.x + column.width)}"
        pen = column.x + column.width
    return path + _closed(pen)


def _closed(pen: float | None) -> str:
    return "" if pen is None else f"V{place(FOOT)}"
