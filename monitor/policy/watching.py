"""Watching: one window through all channels. What rises above its budget is a hit."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitor.policy import jump, level, spike
from monitor.policy.band import Band
from monitor.policy.learning import Learned
from monitor.policy.look import Floats, Look
from monitor.policy.memory import Memory
from monitor.policy.plan import Plan
from monitor.policy.season import slot_of
from monitor.stats.angle import observed_angle

ONSET = np.array([0.1])
"""The distance beyond the tolerance that the beginning of a move is told by."""
DOWN = 1
"""The direction, of two, in which a share falls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A channel's alarm at a scale, and the features it names."""

    channel: str
    scale: int
    features: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What one window came to. `counts`, `totals` (rows worth one each), `centre` with the season's part, `distance`
    of the share from it as an angle (nan without rows): (cells,). `evidence`, (features,), is 1 where a channel would
    alarm by this feature alone; `total` that of the monitor."""

    hits: tuple[Hit, ...]
    counts: Floats
    totals: Floats
    centre: Floats
    distance: Floats
    evidence: Floats
    total: float


def watched(
    memory: Memory, found: Learned, band: Band, look: Look, plan: Plan, silent: Collection[str]
) -> tuple[Memory, Watched]:
    """The window's evidence added to the memory; features in `silent` gather none."""
    layout = plan.layout
    owner = layout.owner
    worth = np.maximum(found.effect, look.effect)[owner]
    counts, totals = look.counts / worth, look.totals / worth
    part = found.season.at(slot_of(look.window.start, plan.timezone))
    quiet = np.array([name in silent or name in plan.left_out for name in layout.features], dtype=bool)
    weights = np.where(quiet, 0.0, band.weights)
    teller = _Teller(plan, weights)
    memory = _added(memory, found, band, (counts, totals, part), quiet[owner], teller, plan)
    centre = found.centre + part
    distance = np.where(totals > 0, observed_angle(counts, np.maximum(totals, 1e-9)) - centre, np.nan)
    memory = _foretold(memory, found, band, distance, totals, (quiet | found.heavy)[owner], teller, plan)
    reach = band.reach + band.natural[0]
    low = np.where(layout.rising, 0.0, centre - reach)
    onset, started = _onset(memory, counts, totals, low, centre + reach, look)
    memory = replace(memory, onset=onset, started=started)
    return memory, Watched(
        hits=tuple(teller.hits),
        counts=counts,
        totals=totals,
        centre=centre,
        distance=distance,
        evidence=teller.evidence,
        total=teller.total,
    )


def _added(
    memory: Memory,
    found: Learned,
    band: Band,
    now: tuple[Floats, Floats, Floats],
    quiet: NDArray[np.bool_],
    teller: "_Teller",
    plan: Plan,
) -> Memory:
    """LEVEL and SPIKE, at each scale whose block ends with this window."""
    levels, blocks = memory.levels.copy(), memory.blocks.copy()
    number = memory.notes.windows + 1
    for place, scale in enumerate(plan.scales):
        counts, totals, part = now
        if scale > 1:
            block = blocks[place - 1]
            block += np.stack([counts, totals, part * totals])
            block[:, quiet] = np.nan  # a block that holds a move already told, or a part of its days, tells nothing
            if number % scale:
                continue
            counts, totals, weighted = np.where(np.isnan(block), 0.0, block)
            part = np.divide(weighted, totals, out=np.zeros_like(totals), where=totals > 0)
            block[:] = 0.0
        centre, width = found.centre + part, band.reach + band.widths[place]
        low = np.where(plan.layout.rising, 0.0, centre - width)
        levels[place] = level.stepped(levels[place], counts, totals, low, centre + width)
        levels[place][quiet] = -np.inf
        teller.summed("level", scale, level.weighed(levels[place]) + _lean(plan), band.log_thresholds[place])
        low = np.where(plan.layout.rising, 0.0, centre - band.reach)
        z = spike.distances(counts, totals, low, centre + band.reach, band.natural[place] ** 2 + found.error**2)
        teller.single("spike", scale, z / band.spikes[place])
    return replace(memory, levels=levels, blocks=blocks)


def _foretold(
    memory: Memory,
    found: Learned,
    band: Band,
    distance: Floats,
    totals: Floats,
    quiet: NDArray[np.bool_],
    teller: "_Teller",
    plan: Plan,
) -> Memory:
    """JUMP, where a model of the wander was learned."""
    state = memory.jump
    if state is None or found.model is None:
        return memory
    noise = np.divide(1.0, totals, out=np.full_like(totals, np.nan), where=totals > 0)
    seen = np.where(totals >= jump.FEWEST_ROWS, distance, np.nan)
    state = jump.stepped(found.model, state, seen, noise, band.reach)
    state.evidence[quiet | np.isinf(found.model.tails)] = -np.inf
    state.evidence[plan.layout.rising, DOWN] = -np.inf
    teller.summed("jump", 1, state.evidence + _lean(plan), band.log_jump)
    return replace(memory, jump=state)


def _lean(plan: Plan) -> Floats:
    """Where only a rise is looked for all that is betted is betted on it, (cells, 1, 1)."""
    return np.where(plan.layout.rising, np.log(2.0), 0.0)[:, None, None]


class _Teller:
    """Gathers hits, and how near each feature is to one."""

    def __init__(self, plan: Plan, weights: Floats) -> None:
        self._first, self._owner = plan.layout.first(), plan.layout.owner
        self._sizes = np.bincount(self._owner, minlength=len(weights))
        self._weights = weights
        self.hits: list[Hit] = []
        self.evidence = np.zeros(len(weights))
        self.total = 0.0

    def summed(self, channel: str, scale: int, evidence: Floats, threshold: float) -> None:
        """log evidence of any further shape than (cells,): a feature's is its mean, the monitor's the weighted sum."""
        flat = evidence.reshape(len(evidence), -1)
        most = np.maximum.reduceat(flat.max(axis=1), self._first)
        finite = np.where(np.isfinite(most), most, 0.0)
        sums = np.add.reduceat(np.exp(flat - finite[self._owner][:, None]).sum(axis=1), self._first)
        with np.errstate(divide="ignore"):
            own = np.log(sums) + finite - np.log(self._sizes * flat.shape[1])
            weighted = own + np.log(self._weights)
        peak = weighted.max(initial=-np.inf)
        total = peak + np.log(np.exp(weighted - peak).sum()) if np.isfinite(peak) else -np.inf
        counted = np.where(self._weights > 0, own, -np.inf)
        self.evidence = np.maximum(self.evidence, counted / threshold)
        self.total = max(self.total, total / threshold)
        if total >= threshold:
            self.hits.append(Hit(channel=channel, scale=scale, features=_named(counted, weighted, threshold)))

    def single(self, channel: str, scale: int, ratio: Floats) -> None:
        """Distances by share, 1 where they alarm."""
        most = np.where(self._weights > 0, np.maximum.reduceat(ratio, self._first), 0.0)
        self.evidence = np.maximum(self.evidence, most**2)
        self.total = max(self.total, float((most**2).max(initial=0.0)))
        if (most >= 1).any():
            found = np.flatnonzero(most >= 1)
            order = found[np.argsort(-most[found], kind="stable")]
            self.hits.append(Hit(channel=channel, scale=scale, features=tuple(order.tolist())))


def _named(own: Floats, weighted: Floats, threshold: float) -> tuple[int, ...]:
    """Who the alarm is about: the fewest features whose weighted evidence alone is worth it, and whoever would alarm
    by itself. Their evidence is spent; that of the others may stay, and the budget still holds."""
    order = np.argsort(-weighted, kind="stable")
    sums = np.logaddexp.accumulate(weighted[order])
    fewest = int(np.searchsorted(sums, threshold)) + 1
    alone = own[order] >= threshold
    return tuple(order[: max(fewest, int(alone.sum()))].tolist())


def _onset(
    memory: Memory, counts: Floats, totals: Floats, low: Floats, high: Floats, look: Look
) -> tuple[Floats, NDArray[np.int64]]:
    """The best start of a move: where the sum of evidence was last worth nothing. From `low` to `high` are the
    tolerance and one standard deviation of what wanders by itself."""
    bets = level.log_bets(counts, totals, low, high, ONSET)[..., 0]
    bets = np.where((totals > 0)[:, None], bets, 0.0)
    start = int(look.window.start.timestamp())
    started = np.where(memory.onset > 0, memory.started, start)
    return np.maximum(0.0, memory.onset + bets), started
