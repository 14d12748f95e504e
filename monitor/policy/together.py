"""Together: how pairs of features go together in production as it was learned, and how far that may move.

All on Fisher's scale, where a correlation of n rows has the variance 1 / (n - 3) whatever it is; `precision` is one
over that, in rows worth one each, 0 where nothing was seen. The tolerance there has the number of the tolerance in
rows: by Cohen's conventions a difference of correlations is as large as one of shares (h) when q = h / 2, and 2.5 % of
rows are h = 0.05. Half the width of a pair's band is, as a share's,
`tolerance + sqrt((Z error)^2 + (kappa spread tails)^2)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri, stdtrit

from monitor.policy.look import Floats
from monitor.policy.tails import inflation

TOLERANCE_UNLEARNED = 0.3  # Cohen's "medium", while nothing is known of how production wanders
UNLEARNED_WORTH = 5.0  # how often rows may repeat each other until then
WIDEST = 0.25  # a band wider than what half a standard deviation is among shares judges nothing
CENTRE_LEVEL = 0.025
MOST_KAPPA = 12.0
FEWEST_WINDOWS, FEWEST_BLOCKS = 4, 4
CLEARLY_NOISIER, SURELY = 1.25, 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """`centre` of z by pair, its standard error, half the band's `width`, and `noise`: how many times 1 / precision
    the variance of a window is; (pairs,) each. A pair that is not followed has the centre nan."""

    centre: Floats
    error: Floats
    width: Floats
    noise: Floats

    @property
    def is_followed(self) -> NDArray[np.bool_]:
        return np.isfinite(self.centre)

    def without(self, pairs: NDArray[np.bool_]) -> "Together":
        """The same, but for these pairs."""
        return replace(self, centre=np.where(pairs, np.nan, self.centre))

    def widened(self, factors: Floats) -> "Together":
        """With bands that people widened, by pair."""
        return replace(self, width=self.width * factors)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is stored: in single precision."""
        return {f"together_{name}": getattr(self, name).astype("f4") for name in _NAMES}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "Together":
        return cls(**{name: arrays[f"together_{name}"].astype("f8") for name in _NAMES})


_NAMES = ("centre", "error", "width", "noise")


def trained(z: Floats, precision: Floats) -> Together:
    """Around the training baseline, with a wide tolerance: nothing else is known. (pairs,) each."""
    error = _root(precision)
    return Together(
        centre=np.where(precision > 0, z, np.nan),
        error=error,
        width=TOLERANCE_UNLEARNED + critical(len(z)) * np.where(precision > 0, error, 0.0),
        noise=np.full(len(z), UNLEARNED_WORTH),
    )


def learned(z: Floats, precision: Floats, *, tolerance: float, period: float, scales: Sequence[int]) -> Together:
    """What these windows, in order, tell: z and precision, (windows, pairs); `period` in windows.

    `noise` comes from the differences of successive windows, where it is clear that they are larger than sampling
    makes them: ranks with many ties are noisier than a normal's. The error of the centre is that of the scale whose
    blocks wander most. Pairs seen in fewer than four windows, or with a band wider than 0.25, are not followed.
    """
    z = np.where(precision > 0, z, np.nan)
    there = np.isfinite(z)
    windows, pairs = there.sum(axis=0), z.shape[1]
    total = precision.sum(axis=0)
    centre = np.divide((np.nan_to_num(z) * precision).sum(axis=0), total, out=np.full(pairs, np.nan), where=total > 0)
    noise = _noise(z, precision)
    own = noise * _mean_inverse(precision)
    spread = _spread(z - centre, own)
    unit = np.sqrt(spread**2 + own)
    furthest = np.nan_to_num(np.abs(z - centre)).max(axis=0, initial=0.0)
    furthest = np.divide(furthest, unit, out=np.zeros(pairs), where=unit > 0)
    tails = inflation(furthest, 4 * len(z))
    blocks = [_blocks(z - centre, precision, scale) for scale in scales if len(z) // scale >= FEWEST_BLOCKS]
    wander = [_spread(y, noise * _mean_inverse(w)) ** 2 / np.maximum(1, np.isfinite(y).sum(axis=0)) for y, w in blocks]
    error = np.sqrt(noise * _root(total) ** 2 + np.max([np.zeros(pairs), *wander], axis=0))
    kappa = np.minimum(-stdtrit(np.maximum(windows - 1, 3), 1 / (2 * max(1.0, period) * max(1, pairs))), MOST_KAPPA)
    width = tolerance + np.hypot(critical(pairs) * error, kappa * spread * tails)
    is_followed = (windows >= FEWEST_WINDOWS) & (width <= max(WIDEST, tolerance))
    return Together(
        centre=np.where(is_followed, centre, np.nan),
        error=error,
        width=np.where(is_followed, width, 0.0),
        noise=noise,
    )


def critical(pairs: int) -> float:
    """Normal quantile at 2.5 % over all pairs: a centre's error was drawn once."""
    return -float(ndtri(CENTRE_LEVEL / max(1, pairs)))


def _root(precision: Floats) -> Floats:
    """The standard error; infinite without precision."""
    found: Floats = np.divide(1.0, np.sqrt(precision), out=np.full(precision.shape, np.inf), where=precision > 0)
    return found


def _mean_inverse(precision: Floats) -> Floats:
    inverse = np.divide(1.0, precision, out=np.zeros_like(precision), where=precision > 0)
    found: Floats = inverse.sum(axis=0) / np.maximum(1, (precision > 0).sum(axis=0))
    return found


def _noise(z: Floats, precision: Floats) -> Floats:
    """The mean square of successive differences over what sampling makes it; 1 where that is not clearly too little.

    Differences overlap, so b of them have 2 b / 3 degrees of freedom (von Neumann, AMS 12 (1941), 367).
    """
    inverse = np.divide(1.0, precision, out=np.full_like(precision, np.nan), where=precision > 0)
    ratio = np.diff(z, axis=0) ** 2 / (inverse[1:] + inverse[:-1])
    known = np.isfinite(ratio).sum(axis=0)
    mean = np.nansum(ratio, axis=0) / np.maximum(1, known)
    freedom = np.maximum(1.0, 2 * known / 3)
    sure = chdtri(freedom, SURELY / max(1, z.shape[1])) / freedom
    found: Floats = np.where((mean > CLEARLY_NOISIER) & (mean > sure), mean, 1.0)
    return found


def _spread(y: Floats, noise: Floats) -> Floats:
    """Standard deviation of distances from the centre beyond their noise: none where the noise may explain them."""
    there = np.isfinite(y).sum(axis=0)
    variance = np.nansum(y**2, axis=0) / np.maximum(1, there - 1)
    found: Floats = np.sqrt(np.maximum(0.0, variance - noise * (1 + 2 * np.sqrt(2 / np.maximum(1, there)))))
    return found


def _blocks(y: Floats, precision: Floats, scale: int) -> tuple[Floats, Floats]:
    """Means of whole blocks, by precision, and their precision: (blocks, pairs)."""
    number = len(y) // scale
    shape = (number, scale, y.shape[1])
    weights = precision[: number * scale].reshape(shape)
    total = weights.sum(axis=1)
    sums = (np.nan_to_num(y[: number * scale]).reshape(shape) * weights).sum(axis=1)
    return np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0), total
