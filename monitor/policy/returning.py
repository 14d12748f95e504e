"""Returning: when the alarm of a feature closes. It has been inside its band for the shortest scale of three windows or
more: a day of hourly windows, a week of daily ones, three weekly ones."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from monitor.policy.band import Band
from monitor.policy.learning import Learned
from monitor.policy.look import Floats, Look
from monitor.policy.memory import Memory, Open
from monitor.policy.plan import Plan
from monitor.policy.verdict import Word
from monitor.policy.watching import Watched
from monitor.stats.angle import observed_angle

FEWEST_WINDOWS = 3
NOISE = 2.0  # standard errors of the day's own share that are no move
MOST_WIDENED, WIDER = 2.0, 1.5


def returned(
    memory: Memory, found: Learned, band: Band, seen: Watched, look: Look, plan: Plan
) -> tuple[Memory, list[Word]]:
    """Add the window to what open features are judged by; close those that are back, a day after they were said to have
    moved, or after as many days more. The window of the alarm itself is none of these days."""
    notes, owner = memory.notes, plan.layout.owner
    if not notes.open:
        return memory, []
    names, stretch = plan.layout.features, stretch_of(plan)
    age = {name: _windows_since(one, look, plan) for name, one in notes.open.items()}
    part = seen.centre - found.centre
    now = np.stack([seen.counts, seen.totals, part * seen.totals])
    is_open = np.array([name in age for name in names])[owner]
    is_later = np.array([age.get(name, 0) > 0 for name in names])[owner]
    moved, recent = memory.moved + np.where(is_open, now, 0.0), memory.recent + np.where(is_later, now, 0.0)
    memory = replace(memory, moved=moved, recent=recent)
    due = [name for name, windows in age.items() if windows > 0 and windows % stretch == 0]
    if not due:
        return memory, []
    inside = _inside(recent, found, band, stretch, plan)
    opened, widened, words = dict(notes.open), dict(notes.widened), []
    for name in due:
        cells = np.flatnonzero(owner == names.index(name))
        if name in notes.closed:  # it came back before production was known: told at the end of learning
            continue
        if inside[cells].all() and recent[1, cells].any():
            one = opened.pop(name)
            words.append(Word(what="closed", feature=name, since=look.window.end))
            if plan.absorbs and one.question == "drift":
                widened[name] = min(MOST_WIDENED, widened.get(name, 1.0) * WIDER)
                words.append(Word(what="widened", feature=name, why="absorbed by itself, as configured"))
    closed = tuple(name for name in due if name not in opened) if notes.phase == "learning" else ()
    back = np.isin(owner, [names.index(name) for name in due if name not in opened])
    onset = np.where(back[:, None], 0.0, memory.onset)  # its next move begins later than this one did
    asked = np.isin(owner, [names.index(name) for name in due])
    notes = replace(notes, open=opened, widened=widened, closed=(*notes.closed, *closed))
    return replace(memory, notes=notes, onset=onset, recent=np.where(asked, 0.0, recent)), words


def _windows_since(one: Open, look: Look, plan: Plan) -> int:
    """How many windows ago the alarm was said; days with a clock change count as the others."""
    return round((look.window.end - datetime.fromisoformat(one.said)) / plan.interval)


def _inside(recent: Floats, found: Learned, band: Band, stretch: int, plan: Plan) -> NDArray[np.bool_]:
    """Whether a share of these rows lies inside its band, (cells,); one without rows does."""
    counts, totals, season = recent
    place = plan.scales.index(stretch) if stretch in plan.scales else len(plan.scales) - 1
    rows = np.maximum(totals, 1e-9)
    distance = observed_angle(counts, rows) - found.centre - season / rows
    distance = np.where(plan.layout.rising, distance, np.abs(distance))
    is_back: NDArray[np.bool_] = (distance <= band.reach + band.widths[place] + NOISE / np.sqrt(rows)) | (totals == 0)
    return is_back


def stretch_of(plan: Plan) -> int:
    """How many windows a feature has to be back for."""
    return next((scale for scale in plan.scales if scale >= FEWEST_WINDOWS), FEWEST_WINDOWS)
