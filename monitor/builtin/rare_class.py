"""Does the model give classes that it hardly ever gave?"""

from collections.abc import Iterator, Sequence

import numpy as np

from monitor import Categorical, Feature, Finding, Numeric, Share, at_most, rule, share_difference
from monitor.feature import Counts
from monitor.wording import number, percent

RARE = 0.001  # of the baseline's rows


@rule
def rare_class(now: Feature, base: Feature, *, max_increase: float = 0.01) -> Iterator[Finding]:
    """Violated when the share of classes that the baseline hardly ever or never predicted grew by over `max_increase`.

    Classes are texts, or numbers of which the baseline has at most 20. Hardly ever: fewer than 1 in 1,000 of the
    baseline's rows. Fresh rows of the same source bring as many of those as the baseline has in classes that are rare
    without the row itself (Good and Turing's estimate), which is what `max_increase` comes on top of. Of more than 120
    classes the rarer ones count as one.

    Asked about predictions only: the answer's columns of a capture, or those that the configuration names.
    """
    if now.role != "prediction" or (isinstance(base, Numeric) and not base.is_discrete):
        return
    names, known, other = _classes(base)
    total = int(known.sum()) + other
    is_rare = known < RARE * total
    before = _share(base, int(known[known - 1 < RARE * total].sum()) + other, total)
    _, seen, new = _classes(now)
    after = _share(now, int(seen[is_rare].sum()) + new, int(seen.sum()) + new)
    why = f"{after.count} of {after.total} predictions are of classes that the baseline hardly ever or never had"
    commonest = sorted((-int(seen[at]), names[at]) for at in np.flatnonzero(is_rare & (seen > 0)).tolist())[:3]
    why += ": " + ", ".join(f"{name[:40]!r} {-count}" for count, name in commonest) if commonest else ""
    why += f"; {percent(before.value)} are to be expected" if before.count else ""
    yield at_most(share_difference(after, before, freedom=now.freedom), max_increase, why=why)


def _classes(feature: Feature) -> tuple[Sequence[str], Counts, int]:
    """The baseline's classes, rows by class, and rows of new ones."""
    cells = feature.cells
    if isinstance(feature, Categorical):
        return (*feature.values, "(others)"), cells[:-2], int(cells[-2])
    assert isinstance(feature, Numeric)
    names = [number(value) for value in (*feature.cuts, feature.high)]
    return names, cells[1:-2], int(cells[0] + cells[-2])


def _share(feature: Feature, count: int, total: int) -> Share:
    return Share(count=count, total=total, design_effect=feature.design_effect)
