"""Are there predictions further off than usual?"""

from collections.abc import Iterator

from monitor import Finding, Numeric, Reason, Share, at_most, rule, share_difference, skip, unknown
from monitor.stats.robust import fences, outside
from monitor.wording import number, percent


@rule
def prediction_outliers(
    now: Numeric, base: Numeric, *, max_increase: float = 0.01, max_score: float = 3.5
) -> Iterator[Finding]:
    """Violated when the share of predictions with a robust z-score above `max_score` grew by more than `max_increase`.

    The score is |x - median| / (1.4826 MAD), of the baseline's median and median absolute deviation (Iglewicz and
    Hoaglin, who take 3.5): how far off a number is, where `outliers` asks whether it is among the most extreme. Wrong
    numbers in the baseline, even a few per cent of them, hide none. For predictions in the form of a bell: of skewed
    ones many score high, and more by night or by day. Counted exactly up to 2,048 predictions in a window, beyond that
    within 0.1 % of them. Columns of few distinct numbers are `rare_class`'s affair.

    Asked about predictions only: the answer's columns of a capture, or those that the configuration names.
    """
    if now.role != "prediction" or base.is_discrete:
        return
    if not base.quantiles.count:
        yield unknown(Reason.NO_BASELINE, "the baseline holds no distribution of this feature")
        return
    low, high = fences(base.quantiles, max_score)
    if not high > low:
        yield skip("half of the baseline's predictions are equal, so that there is no deviation to measure with")
        return
    before, after = _share(base, low, high), _share(now, low, high)
    where = f"below {number(low)} or above {number(high)}"
    why = f"{after.count} of {after.total} predictions lie {where}: {percent(before.value)} -> {percent(after.value)}"
    yield at_most(share_difference(after, before, freedom=now.freedom), max_increase, why=why)


def _share(feature: Numeric, low: float, high: float) -> Share:
    count = outside(feature.quantiles, low, high)
    return Share(count=count, total=feature.count, design_effect=feature.design_effect)
