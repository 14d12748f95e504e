"""Usual: what a series usually is at an hour of a weekday, learned from its history, and the band around it.

Windows that begin in the same hour of the same weekday are a group, where windows are short enough and the history
holds three weeks; with three days, those of the same hour; else all. The centre is the median of the window's group, or
of the next larger one where it has fewer than three values. The widths are the quantiles of how far each value lies
from the median of the *others* in its group, below and above apart: so the band allows for what the centre itself does
not know, and a skewed series has a skewed band. A width is that of one deviation: the quantile where a normal
distribution has one, or half of that where it has two, whichever is wider, so that rare but ordinary values (a count
that is 0 on most days) lie within. Hours with twenty values or more have widths of their own.

Nothing is left to chance, and what was odd in fewer than one window in fifty does not widen the band. Trends are not
followed: give it the history that is still valid. The history of a constant has a band without width.

Rina Foygel Barber, Emmanuel Candes, Aaditya Ramdas, Ryan Tibshirani, Predictive inference with the jackknife+, Annals
of Statistics 49 (2021), for widths from values left out; Rob Hyndman, Yanan Fan, Sample quantiles in statistical
packages, The American Statistician 50 (1996), for quantiles of few values (their definition 8, median-unbiased).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from monitor.series import Floats, Series, Windows, moment, seconds
from monitor.window import Window

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
CYCLES: Final = 3  # of a rhythm, before it is told from chance; values of a group
LEAST: Final = 20  # values to learn from, also for an hour's own widths: below, two deviations are beyond the greatest
PLACES: Final = ((1, 0.8413447460685429), (2, 0.9772498680518208))
"""Deviations, and the share of a normal distribution that lies below so many."""
BOUNDS: Final = (-np.inf, np.inf)
TICK: Final = timedelta(microseconds=1)

Slot = tuple[int, ...]
"""Weekday and hour, a weekday, an hour, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is usual: from `low` to `high`, around `centre`."""

    low: float
    centre: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Centres by slot for each rhythm, the finest first, and widths below and above by hour; `()` is of all windows.

    `values` is how many were learned from.
    """

    rhythms: tuple[str, ...]
    centres: tuple[Mapping[Slot, float], ...]
    widths: Mapping[Slot, tuple[float, float]]
    timezone: str
    values: int

    def band(self, window: Window, k: float = 3.0, limits: tuple[float, float] = BOUNDS) -> Band:
        """The band of so many widths for a window, within the limits that the number has (a share: 0 and 1)."""
        weekday, hour = slot_of(window.start, self.timezone)
        keys = [_key(name, weekday, hour) for name in self.rhythms]
        centre = next(known[key] for known, key in zip(self.centres, keys, strict=True) if key in known)
        below, above = self.widths.get((hour,), self.widths[()])
        low, high = (min(max(at, limits[0]), limits[1]) for at in (centre - k * below, centre + k * above))
        return Band(low=low, centre=min(max(centre, limits[0]), limits[1]), high=high)


def usual(
    series: Series, *, timezone: str = "UTC", excluded: Sequence[Window] = (), at_least: int = LEAST
) -> Usual | None:
    """What is usual, from all that a series holds (`Series.before` cuts it off before the windows to be judged).

    Windows that touch an excluded period (a deploy, a holiday, an outage) are left out, as are missing values. None
    where fewer than `at_least` are left, which are never fewer than 20.
    """
    there = learnable(series, excluded)
    if len(there) < max(at_least, LEAST):
        return None
    starts, ends, values = series.windows.starts[there], series.windows.ends[there], series.values[there]
    slots = [slot_of(moment(int(start)), timezone) for start in starts]
    span = timedelta(seconds=int(ends[-1] - starts[0]))
    rhythms = tuple(_rhythms(series.windows.interval, span))
    groups = [_grouped([_key(name, *slot) for slot in slots]) for name in rhythms]
    centres = tuple({key: float(np.median(values[at])) for key, at in group.items()} for group in groups)
    apart = np.full(len(values), np.nan)
    for group in reversed(groups):  # what stands in a finer group is written over
        for at in group.values():
            apart[at] = values[at] - medians_of_others(values[at])
    hours = _grouped([(hour,) for _, hour in slots]) if len(rhythms) > 1 and "hour" in rhythms else {}
    widths = {hour: _widths(apart[at]) for hour, at in hours.items() if len(at) >= LEAST} | {(): _widths(apart)}
    return Usual(rhythms=rhythms, centres=centres, widths=widths, timezone=timezone, values=len(values))


def learnable(series: Series, excluded: Sequence[Window] = ()) -> np.ndarray:
    """The places of the values that are learned from."""
    return np.flatnonzero(np.isfinite(series.values) & ~touching(series.windows, excluded))


def touching(windows: Windows, periods: Sequence[Window]) -> np.ndarray:
    """Which windows share a moment with one of the periods, shape (windows,)."""
    found = np.zeros(len(windows), bool)
    for period in periods:  # windows are whole seconds: one that starts within the period's last second touches it
        found |= (windows.starts <= seconds(period.end - TICK)) & (windows.ends > seconds(period.start))
    return found


def medians_of_others(values: Floats) -> Floats:
    """For each of two values or more the median of the others.

    >>> medians_of_others(np.array([1.0, 9.0, 2.0])).tolist()
    [5.5, 1.5, 5.0]
    """
    order = np.argsort(values, kind="stable")
    ordered, others = values[order], len(values) - 1
    place = np.arange(len(values))
    lower, upper = (others - 1) // 2, others // 2
    found = np.empty(len(values))
    # Behind the place of what is left out, each value moves up by one.
    found[order] = (ordered[lower + (place <= lower)] + ordered[upper + (place <= upper)]) / 2
    return found


def slot_of(start: datetime, timezone: str) -> tuple[int, int]:
    """The weekday (Monday is 0) and the hour in which a window begins, where it is at home."""
    local = start.astimezone(ZoneInfo(timezone))
    return local.weekday(), local.hour


def _rhythms(interval: timedelta, span: timedelta) -> Iterator[str]:
    """The finest first; a window has an hour or a weekday of its own where it is at most half as long as the cycle."""
    has_hours = interval * 2 <= DAY and span >= CYCLES * DAY
    if interval * 2 <= WEEK and span >= CYCLES * WEEK:
        yield "hour of the week" if has_hours else "weekday"
    if has_hours:
        yield "hour"
    yield "all"


def _key(rhythm: str, weekday: int, hour: int) -> Slot:
    return {"hour of the week": (weekday, hour), "weekday": (weekday,), "hour": (hour,), "all": ()}[rhythm]


def _grouped(keys: Sequence[Slot]) -> dict[Slot, np.ndarray]:
    """The places of each key that has enough of them."""
    found: dict[Slot, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: np.array(at) for key, at in sorted(found.items()) if len(at) >= CYCLES}


def _widths(apart: Floats) -> tuple[float, float]:
    """Of one deviation, below and above."""
    shares = [1 - share for _, share in PLACES] + [share for _, share in PLACES]
    low, lower, high, higher = np.quantile(apart, shares, method="median_unbiased")
    (one, _), (two, _) = PLACES
    return float(max(-low / one, -lower / two, 0.0)), float(max(high / one, higher / two, 0.0))
