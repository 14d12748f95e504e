"""Alarming: how an alarm stands after a window. So many breaches among so many windows raise it.

What is done about windows without data, the stretch that is looked at and the guard against a verdict too early follow
the user guide of CloudWatch ("Configuring how CloudWatch alarms treat missing data"). In two things they do not. Points
that were judged already are not judged again: no state changes without anything new, and none becomes ok because a
breach has left the stretch while no data came. And windows from before the alarm's first one are not missing: no alarm
begins by breaching.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from monitor.alarm import Alarm, Comparison, Judgement, Kept, Missing, Point, State
from monitor.wording import counted, number

MOST_TOLD = 5
"""Values that a reason tells; it counts all."""
BANDS = {Comparison.ABOVE: "above the band", Comparison.BELOW: "below the band", Comparison.OUTSIDE: "outside the band"}
COUNTS_AS = {Missing.BREACHING: "breaches", Missing.NOT_BREACHING: "good"}


def judgement(points: Sequence[Point], alarm: Alarm, before: Kept | None = None) -> Judgement:
    """How an alarm stands after these windows, oldest first; `before` is what was kept of it, None of a new one.

    One point for each window that was planned; the newest `alarm.looked_at` of them matter. ValueError where they are
    out of order.

    >>> from datetime import UTC, datetime, timedelta
    >>> from monitor.window import Window
    >>> ends = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (1, 2, 3)]
    >>> windows = [Window(start=end - timedelta(hours=1), end=end) for end in ends]
    >>> points = [Point(window=window, value=value) for window, value in zip(windows, (0.8, 0.95, 0.7), strict=True)]
    >>> found = judgement(points, Alarm(name="low", comparison=Comparison.LESS, threshold=0.9))
    >>> found.state.value, found.reason
    ('alarm', '2 of 3 windows are < 0.9 (0.8, 0.7); 2 of 3 raise the alarm')
    """
    before = before or Kept()
    _refuse_disorder(points)
    looked_at = tuple(points[-alarm.looked_at :])
    found, seen = _tally(looked_at, alarm), tuple(_digest(point, alarm) for point in looked_at)
    is_new = seen != before.seen
    decided = _decided(found, alarm, brings_data=_brings_data(looked_at, alarm, before)) if is_new else None
    state = decided or before.state
    window = looked_at[-1].window if looked_at else None
    since = before.since if state is before.state or window is None else window.end
    why = _reason(found, alarm, decided, state) if is_new else f"nothing is new or revised; the state stays {state}"
    return Judgement(
        alarm=alarm.name,
        window=window,
        state=state,
        previous=before.state,
        reason=why,
        counted=found.counted,
        breaching=found.breaching,
        filled=found.filled if alarm.missing in COUNTS_AS else 0,
        is_partial=len(found.counted) < alarm.windows,
        is_new=is_new,
        kept=Kept(state=state, since=since, judged_to=window.end if window else None, seen=seen),
    )


def breaches(point: Point, alarm: Alarm) -> bool | None:
    """Whether a point breaches; None where it is missing: no value, too few rows, or no band to hold it against."""
    value = point.value
    if value is None or math.isnan(value) or (alarm.min_samples and (point.samples or 0) < alarm.min_samples):
        return None
    limits = point.limits
    if not alarm.comparison.asks_for_band:
        assert alarm.threshold is not None
        limits = (alarm.threshold, alarm.threshold)
    if limits is None:
        return None
    low, high = limits
    match alarm.comparison:
        case Comparison.MORE | Comparison.ABOVE:
            return value > high
        case Comparison.AT_LEAST:
            return value >= high
        case Comparison.LESS | Comparison.BELOW:
            return value < low
        case Comparison.AT_MOST:
            return value <= low
        case Comparison.OUTSIDE:
            return not low <= value <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """What counts of the points looked at.

    `filled`: windows without data that make up for those asked for. `age`: how many windows ago the oldest breach of
    the newest `windows` was, the newest being 1; 0 without one. `looked_at`: how many windows there were in all.
    """

    counted: tuple[Point, ...]
    breaching: tuple[Point, ...]
    filled: int
    age: int
    looked_at: int

    @property
    def good(self) -> int:
        return len(self.counted) - len(self.breaching)


def _tally(points: Sequence[Point], alarm: Alarm) -> _Tally:
    answers = [(point, breaches(point, alarm)) for point in points]
    real = [(point, is_bad) for point, is_bad in answers if is_bad is not None]
    chosen = real[-alarm.windows :]
    newest = reversed(answers[-alarm.windows :])
    return _Tally(
        counted=tuple(point for point, _ in chosen),
        breaching=tuple(point for point, is_bad in chosen if is_bad),
        filled=min(alarm.windows - len(chosen), len(points) - len(real)),
        age=max((age for age, (_, is_bad) in enumerate(newest, start=1) if is_bad), default=0),
        looked_at=len(points),
    )


def _decided(found: _Tally, alarm: Alarm, *, brings_data: bool) -> State | None:
    """The state that follows from the points; None where they do not decide, and the state stays.

    `brings_data`: data came, or was revised. Otherwise nothing has become good, unless missing counts as that.

    With nothing but breaches, and fewer than asked for, it is waited for the next windows; but not longer than an alarm
    takes: then the breach stands, whether these had data or not.
    """
    bad = len(found.breaching) + (found.filled if alarm.missing is Missing.BREACHING else 0)
    good = found.good + (found.filled if alarm.missing is Missing.NOT_BREACHING else 0)
    if bad >= alarm.breaches:
        return State.ALARM
    if good:
        return State.OK if brings_data or alarm.missing in COUNTS_AS else None
    if alarm.missing is not Missing.MISSING:
        return None
    if not found.counted:
        return State.INSUFFICIENT_DATA
    return State.ALARM if found.age >= alarm.breaches else None


def _brings_data(points: Sequence[Point], alarm: Alarm, before: Kept) -> bool:
    """Whether a point with data is new, or any point is another than it was when it was judged."""
    return any(
        _digest(point, alarm) not in before.seen
        and (
            breaches(point, alarm) is not None
            or (before.judged_to is not None and point.window.end <= before.judged_to)
        )
        for point in points
    )


def _reason(found: _Tally, alarm: Alarm, decided: State | None, state: State) -> str:
    parts = [_data(found, alarm)] if found.counted else []
    if found.filled or not found.counted:
        parts.append(_no_data(found, alarm))
    parts.append(f"{alarm.breaches} of {alarm.windows} raise the alarm")
    if decided is None:
        parts.append(f"that decides nothing, and the state stays {state}")
    elif decided is State.ALARM and alarm.missing is Missing.MISSING and len(found.breaching) < alarm.breaches:
        parts.append("the first breach is as many windows old, and nothing since is good")
    return "; ".join(parts)


def _data(found: _Tally, alarm: Alarm) -> str:
    values = [number(float(point.value)) for point in found.breaching[-MOST_TOLD:] if point.value is not None]
    bad = len(found.breaching)
    what = BANDS.get(alarm.comparison) or f"{alarm.comparison} {number(alarm.threshold or 0.0)}"
    told = f" ({'..., ' if bad > MOST_TOLD else ''}{', '.join(values)})" if values else ""
    verb = "is" if 1 in (bad, len(found.counted)) else "are"
    return f"{bad} of {counted(len(found.counted), 'window')} {verb} {what}{told}"


def _no_data(found: _Tally, alarm: Alarm) -> str:
    """What is said of the windows that make up for those asked for."""
    enough = f" of {counted(alarm.min_samples, 'row')} or more" if alarm.min_samples else ""
    kind = COUNTS_AS.get(alarm.missing)
    one = found.filled == 1
    says = f" and {'counts' if one else 'count'} as {kind}" if kind and found.filled else ""
    if found.counted or says:
        return f"{counted(found.filled, 'window')} {'has' if one else 'have'} no data{enough}{says}"
    return f"none of the newest {counted(found.looked_at, 'window')} has data{enough}"


def _digest(point: Point, alarm: Alarm) -> str:
    """Stands for a point as these settings see it, so that the next judgement can tell whether it is new or revised."""
    told = (
        point.window.start.isoformat(),
        point.window.end.isoformat(),
        None if point.value is None else float(point.value),
        None if point.limits is None else tuple(float(limit) for limit in point.limits),
        None if point.samples is None else int(point.samples),
    )
    return sha256(repr((alarm, told)).encode()).hexdigest()[:16]


def _refuse_disorder(points: Sequence[Point]) -> None:
    for one, following in pairwise(points):
        if following.window.end <= one.window.end:
            raise ValueError(
                f"points end at {one.window.end:%Y-%m-%dT%H:%M:%SZ} and then at "
                f"{following.window.end:%Y-%m-%dT%H:%M:%SZ}; each window once, the newest last, would be right"
            )
