"""Returning: when the alarm of a feature closes. It has been inside its band for the shortest scale of three windows or
more: a day of hourly windows, a week of daily ones, three weekly ones."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from monitor.policy.band import Band
from monitor.policy.learning import Learned
from monitor.policy.look import Look
from monitor.policy.memory import Memory
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
    """Add the window to what open features are judged by; once a day, close those that are back."""
    notes, owner = memory.notes, plan.layout.owner
    if not notes.open:
        return memory, []
    names = plan.layout.features
    is_open = np.array([name in notes.open for name in names])[owner]
    part = seen.centre - found.centre
    now = np.where(is_open, np.stack([seen.counts, seen.totals, part * seen.totals]), 0.0)
    memory = replace(memory, moved=memory.moved + now, recent=memory.recent + now)
    stretch = stretch_of(plan)
    if (notes.windows + 1) % stretch:
        return memory, []
    counts, totals, season = memory.recent
    place = plan.scales.index(stretch) if stretch in plan.scales else len(plan.scales) - 1
    rows = np.maximum(totals, 1e-9)
    distance = np.abs(observed_angle(counts, rows) - found.centre - season / rows)
    inside = (distance <= band.reach + band.widths[place] + NOISE / np.sqrt(rows)) | (totals == 0)
    opened, widened, words = dict(notes.open), dict(notes.widened), []
    for name, one in notes.open.items():
        cells = np.flatnonzero(owner == names.index(name))
        is_old = look.window.end - datetime.fromisoformat(one.said) >= stretch * plan.interval
        if name in notes.closed:  # it came back before production was known: told at the end of learning
            continue
        if is_old and inside[cells].all() and totals[cells].any():
            del opened[name]
            words.append(Word(what="closed", feature=name, since=look.window.end))
            if plan.absorbs and one.question == "drift":
                widened[name] = min(MOST_WIDENED, widened.get(name, 1.0) * WIDER)
                words.append(Word(what="widened", feature=name, why="absorbed by itself, as configured"))
    closed = tuple(name for name in notes.open if name not in opened) if notes.phase == "learning" else ()
    back = np.isin(owner, [names.index(name) for name in notes.open if name not in opened])
    onset = np.where(back[:, None], 0.0, memory.onset)  # its next move begins later than this one did
    notes = replace(notes, open=opened, widened=widened, closed=(*notes.closed, *closed))
    return replace(memory, notes=notes, onset=onset, recent=np.zeros_like(memory.recent)), words


def stretch_of(plan: Plan) -> int:
    """How many windows a feature has to be back for."""
    return next((scale for scale in plan.scales if scale >= FEWEST_WINDOWS), FEWEST_WINDOWS)
