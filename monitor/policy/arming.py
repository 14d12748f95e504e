"""Arming: the end of learning, its refusals, and learning once more with the rhythm of the week."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from monitor.policy.band import held, reach_of, reaches
from monitor.policy.halves import moved
from monitor.policy.learning import Learned, effect_of, learned, recentred
from monitor.policy.look import Look
from monitor.policy.memory import Notes, Skew
from monitor.policy.plan import WEEK, Plan
from monitor.policy.season import CYCLES
from monitor.policy.seen import Seen
from monitor.policy.verdict import Word
from monitor.stats.angle import observed_angle

CONFIDENCE = 0.95


def refused(notes: Notes, looks: Sequence[Look], plan: Plan) -> tuple[Notes, list[Word]]:
    """Where production changed while it was learned, learning begins again with the windows since."""
    found = moved(Seen.of(looks, effect_of(looks, plan), plan), plan, reach_of(plan.tolerance))
    if found is None:
        return notes, []
    since = looks[found.window].window.start
    words = [
        Word(
            what="refused",
            feature=found.feature,
            since=since,
            why="production changed while it was learned; learning began again with the windows since",
        )
    ]
    return replace(notes, since=since.isoformat(), seen=len(looks) - found.window), words


def armed(found: Learned, notes: Notes, looks: Sequence[Look], plan: Plan) -> tuple[Learned, Notes, list[Word]]:
    """Production has been learned: its centre is what drift is asked about, its distance from training is told once."""
    found = held(recentred(found, looks, plan) if notes.is_dated else learned(looks, plan), plan)
    said = looks[-1].window.end.isoformat()
    skews = {name: skew for name, skew in skews_of(found, plan, said).items() if name not in notes.accepted}
    has_more = not notes.is_dated and not found.season.days.size and _would_show_weeks(plan)
    notes = replace(
        notes,
        phase="armed",
        armed=said,
        since=notes.since if has_more else None,
        windows=0,
        open={},
        skews=skews,
        accepted=(),
        closed=(),
    )
    words = [Word(what="armed", since=looks[0].window.start)]
    if found.heavy.any():
        words.append(Word(what="heavy_tailed", why="shocks or steps larger than a normal law brings were learned"))
    return found, notes, words


def relearned(found: Learned, notes: Notes, looks: Sequence[Look], plan: Plan) -> tuple[Learned, Notes, list[Word]]:
    """After twice the time, with the rhythm of the week, if nothing was found meanwhile and nothing moved."""
    if len(looks) < 2 * plan.learning:
        return found, notes, []
    notes = replace(notes, since=None)
    is_quiet = not notes.open and not notes.alarms and not notes.widened
    longer = replace(plan, learn_at_least=len(looks))
    if not is_quiet or moved(Seen.of(looks, found.effect, plan), longer, reach_of(plan.tolerance)) is not None:
        return found, notes, []
    words = [Word(what="relearned", since=looks[0].window.start, why="with the rhythm of the week")]
    return held(learned(looks, longer), plan), replace(notes, windows=0), words


def skews_of(found: Learned, plan: Plan, said: str) -> dict[str, Skew]:
    """Features certainly further than the tolerance from the training baseline, by their clearest share.

    `d = centre - baseline`, at 95 % over all shares `d +/- Z sqrt(error^2 + 1 / N)`.
    """
    layout = plan.layout
    worth = layout.totals / layout.effect[layout.owner]
    known = worth > 0
    base = np.where(known, observed_angle(layout.counts, np.maximum(layout.totals, 1)), np.nan)
    distance = found.centre - base
    reach = -float(ndtri((1 - CONFIDENCE) / 2 / max(1, len(base)))) * np.sqrt(
        found.error**2 + np.divide(1.0, worth, out=np.full(len(worth), np.inf), where=known)
    )
    tolerance = reaches(plan)
    far = np.where(layout.rising, distance, np.abs(distance))
    sure = np.nan_to_num(far - reach, nan=-np.inf)
    skews = {}
    for feature, name in enumerate(layout.features):
        if name in plan.left_out:
            continue
        cells = np.flatnonzero(layout.owner == feature)
        best = cells[int(sure[cells].argmax())]
        if sure[best] > tolerance[best]:
            size, wide = float(distance[best]), float(reach[best])
            skews[name] = Skew(cell=int(best), size=size, low=size - wide, high=size + wide, said=said)
    return skews


def _would_show_weeks(plan: Plan) -> bool:
    """Whether twice the learning shows the rhythm of a week where once did not."""
    return plan.interval * 2 <= WEEK and 2 * plan.learning * plan.interval >= CYCLES * WEEK
