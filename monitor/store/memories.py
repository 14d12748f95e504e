"""Which memories of the policy are kept: they are large, and each can be made again from one before it and looks."""

from collections.abc import Iterable
from datetime import date, timedelta

from monitor.window import Window

NEWEST, DAYS = 2, 8
TICK = timedelta(microseconds=1)


def kept(windows: Iterable[Window]) -> set[Window]:
    """Of a monitor's windows those whose memory stays: the newest two, and the last of each of the last 8 UTC days."""
    ordered = sorted(windows, key=place)
    last_of_day = {_day(window): window for window in ordered}
    newest = max(last_of_day, default=None)
    return {
        *ordered[-NEWEST:],
        *(window for day, window in last_of_day.items() if newest is not None and (newest - day).days < DAYS),
    }


def place(window: Window) -> tuple[object, object]:
    """What windows are in order by, as the ledger has them."""
    return window.end, window.start


def _day(window: Window) -> date:
    """The day that a window ends in; one that ends at midnight belongs to the day before."""
    return (window.end - TICK).date()
