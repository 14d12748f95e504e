"""Worlds: how traffic wanders while nothing drifts, as each feature's mean hour by hour; and what may change.

Every feature is, underneath, a normal number of spread 1 whose mean moves: a daily wave, a first-order autoregressive
wander, a weekend step. Sizes are in standard deviations of the rows of one moment.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]
DAY_HOURS, WEEK_HOURS = 24, 168


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`wave` is the typical height of the daily wave, `wander` the spread of the autoregressive part, whose memory is
    `memory` from hour to hour, `weekend` the size of the weekend's step, `heavy` whether its shocks follow t(3)."""

    wave: float = 0.0
    wander: float = 0.0
    memory: float = 0.9
    weekend: float = 0.0
    heavy: bool = False


WORLDS = {
    "iid": World(),
    "mild": World(wave=0.1, wander=0.05, weekend=0.05),
    "weekly": World(weekend=0.05),
    "strong": World(wave=0.3, wander=0.1, weekend=0.2),
    "mild, t(3) shocks": World(wave=0.1, wander=0.05, weekend=0.05, heavy=True),
}


class Means:
    """The features' means, hour by hour, from the first hour of the baseline on; asked in order."""

    def __init__(self, world: World, features: int, rng: np.random.Generator) -> None:
        self.world, self.rng, self.hour = world, rng, 0
        self.phase = rng.uniform(0, DAY_HOURS, features)
        self.wave = world.wave * rng.choice([0.0, 0.5, 1.0, 1.5], features)
        self.weekend = world.weekend * rng.choice([-1.0, 0.0, 1.0], features)
        self.wander = world.wander * rng.normal(size=features)

    def next(self, hours: int) -> Floats:
        """Means of the next hours, shape (hours, features)."""
        world, size = self.world, (hours, len(self.phase))
        shocks = self.rng.standard_t(3, size) / np.sqrt(3) if world.heavy else self.rng.normal(size=size)
        shocks *= np.sqrt(1 - world.memory**2) * world.wander
        wander, _ = lfilter([1.0], [1.0, -world.memory], shocks, axis=0, zi=world.memory * self.wander[None])
        self.wander = wander[-1]
        at = self.hour + np.arange(hours)
        self.hour += hours
        waves = self.wave * np.sin(2 * np.pi * (at[:, None] + self.phase) / DAY_HOURS)
        return waves + wander + self.weekend * (at // DAY_HOURS % 7 >= 5)[:, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one feature: its mean moves by `shift`, its spread is multiplied by `spread`, a share `tail` of
    its rows goes far below everything, a share `missing` loses its value; its correlation with the next feature moves
    by `together`. `errors` is the share of rows in which the model is wrong besides. `over` is how many windows it
    takes to come.
    """

    feature: int = 0
    shift: float = 0.0
    spread: float = 1.0
    tail: float = 0.0
    missing: float = 0.0
    together: float = 0.0
    errors: float = 0.0
    over: int = 1

    def reached(self, first: int, count: int) -> Floats:
        """How much of it is there in each window, counted from when it began."""
        return np.minimum(1.0, (first + np.arange(count) + 1) / self.over)
