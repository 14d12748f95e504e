"""Stretches: which windows lie so far back from each one.

A function such as `avg(x, 1d)` at a window looks at the windows before it and leaves itself out: a window is compared
with what was usual until then, and what is odd in it does not make itself usual. With `now` it looks at as many, the
newest of which is the window itself.

A stretch of time holds the windows that ended in it, as many as it is usually long, rounded: where windows end at local
midnight, a week holds seven even when the clocks change in it. To that end its edge is half a window (the shorter of
its length and the usual distance) further out; that is also how far a window may lie from where a lag points.
"""

from datetime import timedelta

import numpy as np

from monitor.formula.words import Back
from monitor.series import SECOND, Counts, Windows


def stretches(windows: Windows, back: Back, *, with_now: bool = False) -> tuple[Counts, Counts]:
    """For each window the number of the first that it looks at, and that behind the last; the same where there is none.

    Both of shape (windows,).
    """
    here = np.arange(len(windows), dtype=np.int64)
    last = here + with_now
    if isinstance(back, int):
        return np.maximum(last - back, 0), last
    edge = 2 * windows.ends - 2 * (back // SECOND) + (_slack(windows) if with_now else -_slack(windows))
    first = np.searchsorted(2 * windows.ends, edge, side="left").astype(np.int64)
    return np.minimum(first, last), last


def lagged(windows: Windows, back: Back) -> Counts:
    """For each window the number of the one that lies so far before it, -1 where none does; of two as near the older.

    Shape (windows,).
    """
    here = np.arange(len(windows), dtype=np.int64)
    if isinstance(back, int):
        return np.maximum(here - back, -1)
    ends, aim = 2 * windows.ends, 2 * windows.ends - 2 * (back // SECOND)
    newer = np.searchsorted(ends, aim, side="left").astype(np.int64)
    older = newer - 1
    to_newer = np.where(newer < here, ends[np.minimum(newer, here)] - aim, np.iinfo(np.int64).max)
    to_older = np.where(older >= 0, aim - ends[np.maximum(older, 0)], np.iinfo(np.int64).max)
    nearest = np.where(to_newer < to_older, newer, older)
    return np.where(np.minimum(to_newer, to_older) <= _slack(windows), nearest, -1)


def enough(back: Back, interval: timedelta) -> int:
    """How many values a stretch needs: half as many as it usually has windows, and at least one.

    >>> enough(24, timedelta(hours=1)), enough(timedelta(days=1), timedelta(hours=1)), enough(3, timedelta(hours=1))
    (12, 12, 2)
    """
    if isinstance(back, int):
        return -(-back // 2)
    return max(1, -(-back // (2 * interval)))


def usually(back: Back, interval: timedelta) -> int:
    """How many windows it usually has.

    >>> usually(timedelta(minutes=90), timedelta(hours=1)), usually(timedelta(minutes=20), timedelta(hours=1))
    (2, 0)
    """
    return back if isinstance(back, int) else (2 * back + interval) // (2 * interval)


def _slack(windows: Windows) -> Counts:
    """Half a window, in half seconds: so whole numbers tell it."""
    half: Counts = np.minimum(windows.ends - windows.starts, windows.interval // SECOND)
    return half
