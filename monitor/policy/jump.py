"""JUMP: abrupt changes told from a slow natural wander long before block averages can.

The wander is AR(1) around centre and season, seen through sampling noise; a Kalman filter foretells the next window.
A step of size a moves the first innovation by a and later ones by g a, g = (1 - rho) / (1 - rho (1 - gain)). With nu
the innovation and S its variance, `M <- exp((a (nu - h) - a^2 / 2) / S) + M exp((a g (nu - g h) - (a g)^2 / 2) / S)`,
averaged over shares, both directions and a; an alarm at M >= period / share. What it promises rests on the model.

Reference: statistics of change from an innovation sequence, Basseville and Nikiforov (1993), chapter 7.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monitor.policy.layout import Layout
from monitor.policy.look import Floats
from monitor.policy.plan import Plan
from monitor.policy.season import Season, mean_of
from monitor.policy.tails import inflation

if TYPE_CHECKING:
    from monitor.policy.seen import Seen

SIZES = np.array([0.1, 0.2, 0.4])
FEWEST_WINDOWS = 168
BURN_IN = 20
LEAST_CORRELATED, MOST_CORRELATED = 0.05, 0.98
SURELY = 3.0  # standard errors of a lag covariance
FEWEST_ROWS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """AR(1): correlation `rho` and variance `wander`, (cells,); `scale` what the innovations' variance was times the
    model's, `tails` squared, (cells,), infinite where nothing is known of the wander: there JUMP does not look."""

    rho: Floats
    wander: Floats
    scale: Floats
    tails: Floats

    def without(self, cells: NDArray[np.bool_]) -> "Model":
        """The same, which does not look at these cells."""
        return replace(self, tails=np.where(cells, np.inf, self.tails))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The filter's mean and variance, (cells,), and the log evidence, (cells, 2, sizes)."""

    mean: Floats
    variance: Floats
    evidence: Floats


def fitted(seen: "Seen", centre: Floats, season: Season, plan: Plan) -> tuple[Model | None, Floats]:
    """From lag covariances, None where there are too few windows; and the size of the innovations, in their standard
    deviations, (windows, cells)."""
    if len(seen) < FEWEST_WINDOWS:
        return None, np.zeros((0, len(centre)))
    y = seen.angles - centre - season.of(seen.slots)
    y = y - mean_of(y)
    noise = np.divide(1.0, seen.totals, out=np.full_like(seen.totals, np.nan), where=seen.totals > 0)
    known = np.nan_to_num(y)
    mean_noise = mean_of(noise)
    rho, wander = _wander(known, mean_noise, plan.layout)
    model = Model(rho=rho, wander=wander, scale=np.ones_like(rho), tails=np.ones_like(rho))
    state = begun(model)
    z = np.full(y.shape, np.nan)
    for number, (row, how_noisy) in enumerate(zip(y, noise, strict=True)):
        nu, variance, _, state = _foretold(model, state, row, how_noisy)
        z[number] = nu / np.sqrt(variance)
    z = z[BURN_IN:]
    there = np.maximum(np.isfinite(z).sum(axis=0), 1)
    scale = np.maximum(1.0, np.nansum(z**2, axis=0) / there)
    sizes = np.nan_to_num(np.abs(z)) / np.sqrt(scale)
    furthest = np.maximum.reduceat(sizes.max(axis=0), plan.layout.first())
    tails = inflation(furthest, 4 * len(y))[plan.layout.owner] ** 2
    return replace(model, scale=scale, tails=tails), sizes


def _wander(y: Floats, noise: Floats, layout: Layout) -> tuple[Floats, Floats]:
    """Correlation and variance, (cells,), of y (windows, cells) with a mean noise (cells,).

    A feature's shares wander together, and a feature whose wander is lost in noise as the others do: it is not without
    one, and a wander taken for noise looks like a step. Without any lag covariance to speak of there is noise alone.
    """
    first, owner = layout.first(), layout.owner
    one, two = ((y[lag:] * y[:-lag]).mean(axis=0) for lag in (1, 2))
    ones, twos, noises = (np.add.reduceat(each, first) for each in (one, two, noise))
    doubt = SURELY * noises / np.sqrt(len(y))
    own, others = ones > doubt, ones.sum() > np.sqrt((doubt**2).sum())
    shared = twos.sum() / ones.sum() if others else 0.0
    rho = np.clip(np.where(own, twos / np.where(own, ones, 1.0), shared), 0.0, MOST_CORRELATED)[owner]
    mean = (ones / np.bincount(owner, minlength=len(ones)))[owner]
    lagged = np.maximum(0.0, np.where(own[owner], one, np.maximum(one, mean)))
    rest = np.maximum(0.0, (y**2).mean(axis=0) - noise)
    is_slow = rho > LEAST_CORRELATED
    return np.where(is_slow, rho, 0.0), np.where(is_slow, lagged / np.where(is_slow, rho, 1.0), rest)


def begun(model: Model) -> State:
    """Before the first window."""
    return State(
        mean=np.zeros_like(model.rho),
        variance=model.wander.copy(),
        evidence=np.full((len(model.rho), 2, len(SIZES)), -np.inf),
    )


def stepped(model: Model, state: State, y: Floats, noise: Floats, reach: Floats) -> State:
    """One window: angles less centre and season (nan: not seen), their noise variance, and the tolerance, (cells,)."""
    nu, variance, gain, state = _foretold(model, state, y, noise)
    unit = (variance * model.scale * model.tails)[:, None, None]
    later = gain[:, None, None]
    away = np.stack([nu, -nu], axis=-1)[..., None]
    h = reach[:, None, None]
    first = (SIZES * (away - h) - SIZES**2 / 2) / unit
    smaller = SIZES * later
    on = (smaller * (away - later * h) - smaller**2 / 2) / unit
    carried = state.evidence + on
    most = np.maximum(first, carried)
    with np.errstate(invalid="ignore"):
        evidence = most + np.log(np.exp(first - most) + np.exp(carried - most))
    seen = np.isfinite(nu)[:, None, None]
    return replace(state, evidence=np.where(seen, evidence, state.evidence))


def uncertainty(model: Model, state: State, noise: Floats, at: NDArray[np.int64], windows: int) -> Floats:
    """Variance with which a step at these shares is known after so many windows; `noise` is theirs in one of them."""
    rho = model.rho[at]
    ahead = rho**2 * state.variance[at] + model.wander[at] * (1 - rho**2)
    gain = ahead / (ahead + noise)
    later = (1 - rho) / (1 - rho * (1 - gain))
    found: Floats = (ahead + noise) * model.scale[at] * model.tails[at] / (1 + (windows - 1) * later**2)
    return found


def _foretold(model: Model, state: State, y: Floats, noise: Floats) -> tuple[Floats, Floats, Floats, State]:
    """Innovation, its variance, how much of a step later innovations keep, and the filter after the window."""
    mean = model.rho * state.mean
    variance = model.rho**2 * state.variance + model.wander * (1 - model.rho**2)
    seen = np.isfinite(y) & np.isfinite(noise)
    total = variance + np.where(seen, noise, 1.0)
    gain = variance / total
    nu = np.where(seen, y - mean, np.nan)
    after = replace(
        state,
        mean=np.where(seen, mean + gain * np.nan_to_num(nu), mean),
        variance=np.where(seen, (1 - gain) * variance, variance),
    )
    return nu, total, (1 - model.rho) / (1 - model.rho * (1 - gain)), after
