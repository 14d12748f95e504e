"""Persistence: what may be chance counts only when it goes on.

A rule without a memory says whether this window crossed its limit, and of many windows some do. So on drift and above
it counts when it fires in two of the newest three judged windows; until then it stands in the report and tells nobody.
A window that could not answer is one in which it did not fire. These count at once:

1. What stands on a lower rung: a broken upstream must not wait. What somebody gave the severity page.
2. What is damped: a rule with a memory, an alarm of so many windows.
3. What belongs to an open incident.
4. What something that counts explains, and what is said of a feature of which something counts on the same rung. It is
   one fault seen twice and is told with it: a second window would make it no more certain.

The other way round, a rule with a memory goes on for a while after what moved it is mended, and that is no news.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from monitor.incident import Incident, Part
from monitor.ladder import BROKEN, Fired, Firing, Key, Reasons
from monitor.window import Window

WINDOWS: Final = 3
"""Windows that are looked at, the newest included."""
ENOUGH: Final = 2
"""Of those, windows in which it fires."""


REMEMBER: Final = ("drift", "skew")
"""Rules that what was in earlier windows still counts for."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def waiting(seen: Fired, incidents: Iterable[Incident]) -> tuple[Firing, ...]:
    """What fires in a window and counts only if it fired before; `incidents` that are over say nothing."""
    return _waiting(seen.firings, (), [one for one in incidents if one.is_open])


def persisting(seen: Fired, before: Sequence[Collection[Key]], incidents: Iterable[Incident]) -> Fired:
    """The window with only what counts of it; `before` is what was violated in the two judged windows before it."""
    left = {one.key for one in _waiting(seen.firings, before, [one for one in incidents if one.is_open])}
    return replace(seen, firings=tuple(firing for firing in seen.firings if firing.key not in left))


def echoes(higher: Part, lower: Part, window: Window) -> bool:
    """Whether what fires in a window began with something on a lower rung, and may only remember that."""
    began = lower.first.end <= higher.first.end <= lower.last.end
    is_above = lower.firing.rung.height < higher.firing.rung.height
    return is_above and began and window.end - lower.last.end < _memory(higher.firing, window.length)


def _memory(firing: Firing, length: timedelta) -> timedelta:
    """How long it may go on after what moved it is mended.

    The policy closes a move after a whole day inside the band, of hourly windows, and a week of daily ones; these are
    counted from the alarm on, so that the first of them may hold some of the fault.
    """
    if firing.is_asked:
        return WINDOWS * length
    if firing.rule not in REMEMBER and not firing.is_followed:
        return timedelta(0)
    return 2 * (DAY if 3 * length <= DAY else max(WEEK, 3 * length))


def _waiting(
    firings: Iterable[Firing], before: Sequence[Collection[Key]], incidents: Sequence[Incident]
) -> tuple[Firing, ...]:
    known = {part.firing.key for one in incidents for part in one.parts}
    excused = {part.firing.key for one in incidents if one.is_no_fault for part in one.parts}
    counted: list[Firing] = []
    unsure: list[Firing] = []
    left: list[Firing] = []
    for firing in firings:
        counts = _is_certain(firing) or firing.key in known or 1 + _times(firing.key, before) >= ENOUGH
        (counted if counts else unsure).append(firing)
    reasons = Reasons(firing for firing in counted if firing.key not in excused)
    about = {(one.feature, one.rung) for one in counted if one.feature is not None and one.key not in excused}
    for firing in sorted(unsure, key=lambda one: one.rung.height):  # what explains it is known by then
        if (firing.feature, firing.rung) in about or reasons.lowest_of(firing) is not None:
            reasons.add(firing)
        else:
            left.append(firing)
    return tuple(left)


def _is_certain(firing: Firing) -> bool:
    return firing.rung in BROKEN or firing.severity == "page" or firing.is_damped


def _times(key: Key, before: Sequence[Collection[Key]]) -> int:
    return sum(key in one for one in before[-(WINDOWS - 1) :])
