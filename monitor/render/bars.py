"""A feature's cells in words, with the rows of both sides: what is drawn, and written as a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Categorical, Feature, Numeric
from monitor.render.untrusted import shown
from monitor.wording import count, counted

NAMED = 12  # categories with a bar of their own on a violated feature's card
LABEL = 100  # characters of a category that are shown
MOST_RANGES = 60  # stretches between cuts
MOST_UNSEEN = 5  # never seen values that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One cell in words, and how many rows lie in it now and in the baseline; `note` names values in it.

    `is_value`: a cell of values that the baseline knows; others are outside its range, never seen, no number, missing.
    """

    label: str
    now: int
    base: int
    note: str = ""
    is_value: bool = False


def are_comparable(now: Feature | None, base: Feature | None) -> bool:
    """Whether both sides are there, were counted on the same cells, and hold any row."""
    if now is None or base is None or now.kind != base.kind or len(now.cells) != len(base.cells):
        return False
    return now.rows + base.rows > 0


def bars(now: Feature, base: Feature, most: int = NAMED) -> tuple[Bar, ...]:
    """Every cell of the baseline with the exact rows of both sides; missing is always there, as the last.

    Of categories up to `most` have a bar of their own: the commonest, a quarter of them those that moved furthest.
    """
    if isinstance(now, Numeric) and isinstance(base, Numeric):
        found = _numbers(now, base)
    else:
        assert isinstance(now, Categorical)
        assert isinstance(base, Categorical)
        found = _categories(now, base, most)
    return (*found, Bar(label="missing", now=now.missing, base=base.missing))


def _numbers(now: Numeric, base: Numeric) -> list[Bar]:
    no_number = Bar(label="no number", now=_odd(now), base=_odd(base))
    # Without cells: no number in the baseline, or one that was taken over without a distribution.
    any_number = Bar(label="any number", now=now.count, base=base.count, is_value=True)
    found = _ranges(now, base) if base.cells[:-1].any() else [any_number]
    return [*found, *([no_number] if no_number.now or no_number.base else [])]


def _odd(feature: Numeric) -> int:
    return feature.nan + feature.infinite + feature.text


def _ranges(now: Numeric, base: Numeric) -> list[Bar]:
    """Below the baseline's lowest and above its highest number only where rows are there."""
    texts = bounds(base)
    inner = texts[1:] if base.is_discrete else [a if a == b else f"{a} to {b}" for a, b in pairwise(texts)]
    at = [0, 1, *(_kept_cuts(base) + 2).tolist(), len(base.cuts) + 2]
    counts = [np.add.reduceat(side.cells[:-1], at).tolist() for side in (now, base)]
    below = Bar(label=f"below {texts[0]}", now=counts[0][0], base=counts[1][0])
    above = Bar(label=f"above {texts[-1]}", now=counts[0][-1], base=counts[1][-1])
    inside = zip(inner, counts[0][1:-1], counts[1][1:-1], strict=True)
    found = [below, *(Bar(label=text, now=a, base=b, is_value=True) for text, a, b in inside), above]
    return [bar for bar in found if bar.is_value or bar.now or bar.base]


def _kept_cuts(base: Numeric) -> NDArray[np.int64]:
    """Places in `cuts` at which a bar ends: all, but for a baseline that was taken over with a great many of them."""
    every = max(1, -(-len(base.cuts) // MOST_RANGES))
    return np.arange(every - 1, len(base.cuts), every)


def bounds(base: Numeric) -> list[str]:
    """The ends of its cells: lowest number, cuts, highest number."""
    return told_apart([base.low, *base.cuts[_kept_cuts(base)].tolist(), base.high])


def told_apart(values: Sequence[float]) -> list[str]:
    """Numbers with as many digits as it takes to tell neighbours apart, six at least.

    >>> told_apart([0.0, 17.25, 350.8]), told_apart([1700000001.0, 1700000002.0])
    (['0', '17.25', '350.8'], ['1700000001', '1700000002'])
    """
    different = len(set(values))
    for digits in (6, 9, 12, 15):
        texts = [f"{value:.{digits}g}" for value in values]
        if len(set(texts)) == different:
            return texts
    return [repr(value) for value in values]


def _categories(now: Categorical, base: Categorical, most: int) -> list[Bar]:
    a, b = now.cells, base.cells
    named = len(base.values)
    own = _chosen(now, base, most)
    rest = named - len(own)
    found = [
        Bar(label=shown(base.values[i], LABEL) or "(empty text)", now=int(a[i]), base=int(b[i]), is_value=True)
        for i in own
    ]
    other = [int(side[: named + 1].sum() - side[own].sum()) for side in (a, b)]
    others = rest + len(base.known)
    if others or any(other):
        note = counted(others, "value") if others and base.is_complete else ""
        found.append(Bar(label="other known", now=other[0], base=other[1], note=note, is_value=True))
    return [*found, Bar(label="never seen", now=int(a[-2]), base=int(b[-2]), note=unseen(now))]


def _chosen(now: Categorical, base: Categorical, most: int) -> list[int]:
    """Places of the categories that have a bar, in the baseline's order (commonest first)."""
    named = len(base.values)
    if named <= most:
        return list(range(named))
    moved = np.abs(now.cells[:named] / max(1, now.rows) - base.cells[:named] / max(1, base.rows))
    first = most - most // 4
    furthest = [i for i in np.argsort(-moved, kind="stable").tolist() if i >= first][: most - first]
    return [*range(first), *sorted(furthest)]


def unseen(now: Categorical) -> str:
    """The commonest values that were never seen before, with their rows."""
    commonest = sorted(now.unseen.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{shown(value, 40) or '(empty text)'} {count(many)}" for value, many in commonest[:MOST_UNSEEN]]
    return ", ".join(told) + (", ..." if len(commonest) > MOST_UNSEEN else "")
