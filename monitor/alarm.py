"""Alarm: a state over what one number was in successive windows; `alarming` judges it.

Words and settings are those of CloudWatch's metric alarms, so that what a team knows of these holds here.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.window import Window

BEYOND = 2
"""Windows that are looked at before the `windows` asked for, so that recent gaps need no filling."""


class State(StrEnum):
    """How an alarm stands."""

    OK = "ok"
    ALARM = "alarm"
    INSUFFICIENT_DATA = "insufficient_data"


class Missing(StrEnum):
    """What windows without data count as, where there are fewer with data than asked for.

    `missing`: as nothing; with none that has data there is insufficient data. `ignore`: as nothing; what does not
    decide leaves the state as it is. `breaching`: as breaches. `not_breaching`: as good.
    """

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "not_breaching"


class Comparison(StrEnum):
    """When a value breaches: against the alarm's threshold, or against the band of its own point.

    A value on the edge of a band lies inside it.
    """

    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    ABOVE = "above"
    BELOW = "below"
    OUTSIDE = "outside"

    @property
    def asks_for_band(self) -> bool:
        return self in (Comparison.ABOVE, Comparison.BELOW, Comparison.OUTSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What the number was in a window: None or nan where it could not be said.

    `limits` are the lower and the upper end of the band that it should lie in, None where there is none (yet);
    `samples` how many rows it rests on, None where that is not known.
    """

    window: Window
    value: float | None
    limits: tuple[float, float] | None = None
    samples: int | None = None

    def __post_init__(self) -> None:
        if self.limits is not None and not self.limits[0] <= self.limits[1]:
            raise ValueError(
                f"limits {self.limits}: the lower must not be above the upper; None where there is no band"
            )
        if self.samples is not None and self.samples < 0:
            raise ValueError(f"samples {self.samples}: must be 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm as it was asked for: `breaches` of `windows` raise it, whether they follow each other or not.

    `threshold` belongs to the signs; a band brings its own limits. A point of fewer than `min_samples` rows, or of an
    unknown number, is missing.
    """

    name: str
    comparison: Comparison
    threshold: float | None = None
    breaches: int = 2
    windows: int = 3
    missing: Missing = Missing.MISSING
    min_samples: int = 0

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable():
            raise ValueError(f"alarm {self.name!r}: a name of printable characters would be right")
        if not 1 <= self.breaches <= self.windows:
            raise ValueError(f"alarm {self.name!r}: breaches {self.breaches} must be from 1 to windows {self.windows}")
        if self.comparison.asks_for_band and self.threshold is not None:
            raise ValueError(f"alarm {self.name!r}: '{self.comparison}' asks for a band, so that no threshold is right")
        if not self.comparison.asks_for_band and (self.threshold is None or not math.isfinite(self.threshold)):
            raise ValueError(f"alarm {self.name!r}: threshold {self.threshold} must be a finite number")
        if self.min_samples < 0:
            raise ValueError(f"alarm {self.name!r}: min_samples {self.min_samples} must be 0 or more")

    @property
    def looked_at(self) -> int:
        """How many of the newest windows are looked at."""
        return self.windows + BEYOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of an alarm from one judgement to the next.

    `since` is the end of the window that brought the state, `judged_to` that of the newest one judged. `seen` stands
    for the points of the last judgement, as the settings then saw them. A state that is set by hand leaves it as it is,
    and so lasts until something new decides.
    """

    state: State = State.INSUFFICIENT_DATA
    since: datetime | None = None
    judged_to: datetime | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How an alarm stands, and why.

    `counted` are the points with data that were judged, oldest first, `breaching` those of them that breach; `filled`
    windows without data counted beside them as the policy says. `is_partial`: fewer points had data than asked for.
    `is_new` is False where no point was new or revised, and nothing was judged. An action on a change is done once by
    alarm, `window` (the newest) and state.
    """

    alarm: str
    window: Window | None
    state: State
    previous: State
    reason: str
    counted: tuple[Point, ...]
    breaching: tuple[Point, ...]
    filled: int
    is_partial: bool
    is_new: bool
    kept: Kept

    @property
    def has_changed(self) -> bool:
        return self.state is not self.previous
