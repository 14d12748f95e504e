"""Past: the history of a baseline as the looks of a monitor's windows, from which it learns at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from monitor.errors import NoHistory
from monitor.history import History, moment
from monitor.policy import quality
from monitor.policy.layout import shares_of
from monitor.policy.look import Look, regrouped
from monitor.profile import Profile
from monitor.schedule import Schedule
from monitor.window import Window
from monitor.wording import counted

CURE = "`driftd baseline make` with --config and --monitor makes one by this monitor's windows"


def history_of(history: History | None, base: Profile, schedule: Schedule, *, at_least: int = 1) -> tuple[Look, ...]:
    """Looks at the windows that the schedule would have had while the baseline was collected, in order.

    `base` is the baseline's profile with the features that are followed. None where the baseline has no history. Raises
    NoHistory that says why where it has one from which `at_least` windows cannot be made: it is too coarse, or too
    short.
    """
    if history is None:
        return ()
    looks = looks_of(history, base)
    windows, shorter = _windows(replace(schedule, start=None), looks)
    found = regrouped(looks, windows)
    if len(found) >= at_least:
        return found
    start, end = (f"{at:%Y-%m-%d}" for at in history.span)
    told = f"the baseline's history ({counted(len(history), history.unit)} from {start} to {end})"
    if not found and (windows or shorter):
        raise NoHistory(f"{told} is too coarse for windows of {(shorter or windows[-1]).length}; {CURE}")
    raise NoHistory(f"{told} makes {counted(len(found), 'window')} of this schedule; {at_least} would do")


def looks_of(history: History, base: Profile) -> tuple[Look, ...]:
    """A look at each stretch of the history, as the baseline's layout orders it. Of errors it holds nothing.

    Raises NoHistory where the history has another feature, or other cells.
    """
    counts, totals = [], []
    for name, feature in base.features.items():
        if history.widths.get(name) != len(feature.cells):
            raise NoHistory(f"the baseline's history has not the same {name!r}; make the baseline again")
        cells, missing = history.of(name)
        of_feature = shares_of(feature, cells, missing, history.rows)
        counts.append(of_feature[0])
        totals.append(of_feature[1])
    of_errors = len(quality.places(base.quality))
    nothing = np.zeros((len(history), of_errors), np.int64)
    all_counts, all_totals = np.concatenate([*counts, nothing], axis=1), np.concatenate([*totals, nothing], axis=1)
    effects = [history.effects[name] for name in base.features]
    effect = np.array([*effects, *([float(np.median(effects))] if of_errors else [])], dtype=np.float64)
    return tuple(
        Look(
            window=Window(start=moment(int(history.starts[i])), end=moment(int(history.ends[i]))),
            rows=int(history.rows[i]),
            counts=all_counts[i],
            totals=all_totals[i],
            effect=effect,
        )
        for i in range(len(history))
    )


def _windows(schedule: Schedule, looks: Sequence[Look]) -> tuple[list[Window], Window | None]:
    """The windows that some look lies in, in order; of looks more than twice as long as a window, one of these."""
    found: list[Window] = []
    shorter: Window | None = None
    last: datetime | None = None
    for look in looks:
        before = schedule.last_end(look.window.start) or look.window.start
        last = before if last is None else max(last, before)
        while (end := schedule.next_end(last)) is not None:
            window = schedule.window(last, end)
            if look.window.length > 2 * window.length:
                shorter = window
                break
            if window.start >= look.window.end:
                break
            found.append(window)
            last = end
    return found, shorter
