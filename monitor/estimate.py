"""Estimate: a number with its uncertainty, and the estimates that rules are made of."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from scipy.special import expit, logit, ndtri, stdtr, stdtrit

from monitor.feature import Feature, Numeric, Share
from monitor.quality.metric import Metric
from monitor.stats.angle import angle, observed_angle, share_at
from monitor.stats.auc import Auc

Scale = Literal["angle", "mean", "log", "logit"]
POWER = 0.8
ANGLE_PER_SD = 0.8  # the angle that a shift of one standard deviation moves at the median of a normal feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number, `value`, whose interval is symmetric on a `scale` of its own.

    On the scale it lies at `centre` with variance `spread / n_now + fixed`, judged with Student's t at `freedom`
    degrees (0: normal). `looks` is how many places were looked at to find it; levels are divided by that.

    "angle": centre is the angle of a share less the angle `origin`; value is the difference of the two shares.
    "mean": centre and value are the same, in the baseline's standard deviations; or in another measure, of which `unit`
    is what counts as much as a standard deviation.
    "log": value is exp(centre), a ratio of shares; `origin` is the baseline's share.
    "logit": value is the chance whose log odds are the centre, an area under the ROC curve.
    """

    value: float
    centre: float
    spread: float
    fixed: float = 0.0
    scale: Scale = "mean"
    origin: float = 0.0
    unit: float = 1.0
    freedom: float = 0.0
    looks: int = 1
    n_now: int
    n_base: int = 0
    method: str = ""

    @property
    def error(self) -> float:
        """Standard error on the scale; infinite where there are no rows."""
        return math.sqrt(self.spread / self.n_now + self.fixed) if self.n_now else math.inf

    def interval(self, level: float = 0.05) -> tuple[float, float]:
        """Bounds of the value; the chance of the truth beyond either is at most `level`."""
        reach = self.critical(level) * self.error
        return self.value_at(self.centre - reach), self.value_at(self.centre + reach)

    def chance_beyond(self, threshold: float, *, above: bool) -> float:
        """Chance of so extreme a number were the truth at the threshold, times the looks; at most 1."""
        gap = self.centre - self.on_scale(threshold)
        if not math.isfinite(self.error):
            return 1.0
        gap = gap if above else -gap
        if self.error == 0:
            return 0.0 if gap > 0 else 1.0
        freedom = self.freedom if self.freedom else 1e12
        return min(1.0, self.looks * float(stdtr(freedom, -gap / self.error)))

    def detectable(self, threshold: float, level: float, *, above: bool) -> float:
        """The smallest value beyond the threshold that would have been found with 80 % power."""
        return self.value_at(self._needed(threshold, level, self.error, above=above))

    def noticeable(self, threshold: float, level: float, *, above: bool) -> float:
        """That value in standard deviations; more than any share can move by where there are too few rows."""
        needed = self._needed(threshold, level, self.error, above=above)
        return abs(needed) / ANGLE_PER_SD if self.scale == "angle" else self.in_deviations(self.value_at(needed))

    def in_deviations(self, value: float) -> float:
        """The size of a value in standard deviations of a normal feature that shifts by it."""
        if self.scale == "mean":
            return abs(value) / self.unit
        if self.scale == "log":
            return abs(float(angle(self.origin * value) - angle(self.origin))) / ANGLE_PER_SD
        if self.scale == "logit":  # two normals that lie so far apart have this area
            return abs(math.sqrt(2) * float(ndtri(value)))
        return abs(self.on_scale(value)) / ANGLE_PER_SD

    def rows_needed(self, threshold: float, level: float, must_notice: float, *, above: bool) -> int | None:
        """Rows with which a shift of `must_notice` standard deviations would be found; None: no number would do."""
        fewest, most = 1, 1 << 40
        if not self._would_notice(most, threshold, level, must_notice, above=above):
            return None
        while fewest < most:
            middle = (fewest + most) // 2
            if self._would_notice(middle, threshold, level, must_notice, above=above):
                most = middle
            else:
                fewest = middle + 1
        return fewest

    def _would_notice(self, rows: int, threshold: float, level: float, must_notice: float, *, above: bool) -> bool:
        return replace(self, n_now=rows).noticeable(threshold, level, above=above) <= must_notice

    def _needed(self, threshold: float, level: float, error: float, *, above: bool) -> float:
        reach = (self.critical(level) + float(ndtri(POWER))) * error
        return self.on_scale(threshold) + (reach if above else -reach)

    def critical(self, level: float) -> float:
        """Quantile that a standardised distance must pass at this level, shared among the looks."""
        tail = level / self.looks
        return -float(stdtrit(self.freedom, tail)) if self.freedom else -float(ndtri(tail))

    def value_at(self, centre: float) -> float:
        """The value that lies at a place on the scale."""
        if self.scale == "angle":
            return float(share_at(self.origin + centre) - share_at(self.origin))
        if self.scale == "log":
            return math.exp(centre) if centre < 700 else math.inf
        return float(expit(centre)) if self.scale == "logit" else centre

    def on_scale(self, value: float) -> float:
        """The place of a value on the scale."""
        if self.scale == "angle":
            return float(angle(share_at(self.origin) + value)) - self.origin
        if self.scale == "log":
            return math.log(value) if value > 0 else -math.inf
        return float(logit(value)) if self.scale == "logit" else value


def _angle_of(seen: Share) -> float:
    """Rows that repeat each other are worth fewer: the correction for small counts is theirs, not that of all rows."""
    return float(observed_angle(seen.count / seen.design_effect, seen.total / seen.design_effect))


def share(now: Share, *, freedom: float = 0.0) -> Estimate:
    """A share of rows, 0..1."""
    return Estimate(
        value=now.value,
        centre=_angle_of(now),
        spread=now.design_effect,
        scale="angle",
        freedom=freedom,
        n_now=now.total,
        method="share of rows, angle interval",
    )


def share_difference(now: Share, base: Share, *, freedom: float = 0.0) -> Estimate:
    """Share now less share in the baseline, -1..1."""
    origin = _angle_of(base)
    return Estimate(
        value=now.value - base.value,
        centre=_angle_of(now) - origin,
        spread=now.design_effect,
        fixed=base.design_effect / base.total if base.total else math.inf,
        scale="angle",
        origin=origin,
        freedom=freedom,
        n_now=now.total,
        n_base=base.total,
        method="difference of shares, angle interval",
    )


def share_ratio(now: Share, base: Share) -> Estimate:
    """Share now over share in the baseline; for the interval half a row is added to each side, so that none is 0.

    The interval is the delta method's on the logarithm (Katz et al., Biometrics 34 (1978), 469).
    """
    p, q = _never_none(now), _never_none(base)
    return Estimate(
        value=now.value / base.value if base.count else p / q,
        centre=math.log(p / q),
        spread=now.design_effect * (1 - p) / p,
        fixed=base.design_effect * (1 - q) / q / base.total if base.total else math.inf,
        scale="log",
        origin=q,
        n_now=now.total,
        n_base=base.total,
        method="ratio of shares, log interval",
    )


def _never_none(seen: Share) -> float:
    return (seen.count / seen.design_effect + 0.5) / (seen.total / seen.design_effect + 1)


def mean_difference(now: Numeric, base: Numeric) -> Estimate:
    """Mean now less mean of the baseline, in the baseline's standard deviations (Welch's interval)."""
    unit = base.deviation
    spread = now.moments.variance / unit**2 if unit > 0 else math.nan
    return Estimate(
        value=(now.mean - base.mean) / unit if unit > 0 else math.nan,
        centre=(now.mean - base.mean) / unit if unit > 0 else math.nan,
        # no smaller than the baseline's: a window of equal values is no proof of certainty
        spread=now.design_effect * max(spread, 1.0),
        fixed=base.design_effect / base.count if base.count else math.inf,
        scale="mean",
        freedom=now.freedom,
        looks=2,
        n_now=now.count,
        n_base=base.count,
        method="difference of means in standard deviations, Welch interval",
    )


def separation(found: Auc) -> Estimate:
    """How well a score tells the window's rows (the positives) from the baseline's: an area under the ROC curve."""
    centre, error = found.logit
    return Estimate(
        value=found.value,
        centre=centre,
        spread=error**2 * found.positives,
        scale="logit",
        n_now=found.positives,
        n_base=found.negatives,
        method="area under the ROC curve, DeLong's interval on the logit scale",
    )


def metric_difference(now: Metric, base: Metric, *, unit: float = 1.0) -> Estimate:
    """A metric now less that of the baseline, in the metric's own unit; `unit` of it counts as a standard deviation.

    Each side's standard error is what its own interval has on the side that could make the move out to be harmless
    (MOVER: Donner and Zou, Statistical Methods in Medical Research 21 (2012), 347). nan where a side has no interval.
    """
    apart = now.value - base.value
    is_higher_better = now.better != "lower"
    mine = now.high - now.value if is_higher_better else now.value - now.low
    other = base.value - base.low if is_higher_better else base.high - base.value
    z = -float(ndtri(0.025))
    return Estimate(
        value=apart,
        centre=apart,
        spread=now.n * (mine / z) ** 2,
        fixed=(other / z) ** 2,
        scale="mean",
        unit=unit,
        n_now=now.n,
        n_base=base.n,
        method=f"difference of metrics, MOVER; {now.method}",
    )


def freedom_of(*features: Feature) -> float:
    """Degrees of freedom of the design effect, 0 where none could be told."""
    return float(min((f.freedom for f in features if f.freedom), default=0))
