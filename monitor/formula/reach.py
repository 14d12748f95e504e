"""Reach: how far back a formula looks, so that as much of its series is loaded, and as much is kept."""

from datetime import timedelta

from monitor.formula.words import Back, Change, Formula, Lag, Over, Rate, Reference, parts_of

NONE = timedelta(0)


def reach(formula: Formula, interval: timedelta) -> timedelta:
    """How long before a window the oldest one lies that its answer rests on, at most; none where it asks for that
    window alone. `interval` is how far apart windows usually end.

    What `fill(x, repeat)` repeats may lie any time back; it is not in this.

    >>> hour, day = timedelta(hours=1), timedelta(days=1)
    >>> reach(Over("avg", Rate(Reference("rows")), day), hour) == 25 * hour
    True
    """
    return back_of(formula, interval) + max((reach(part, interval) for part in parts_of(formula)), default=NONE)


def back_of(formula: Formula, interval: timedelta) -> timedelta:
    """How far back it looks by itself."""
    back: Back = 0
    match formula:
        case Lag(_, given) | Change(_, given) | Over(_, _, given):
            back = given
        case Rate():
            back = 1
        case Reference():
            back = 0
    return back * interval if isinstance(back, int) else back
