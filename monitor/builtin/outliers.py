"""Are there more numbers than usual far out in the tails?"""

import numpy as np

from monitor import Finding, Numeric, Reason, Share, at_most, rule, share_difference, skip, unknown
from monitor.stats.robust import outside
from monitor.wording import number, percent

TAIL = 0.001
ENDS = 2


@rule
def outliers(now: Numeric, base: Numeric, *, max_increase: float = 0.01) -> Finding:
    """Violated when the share of numbers beyond the baseline's extreme quantiles grew by more than `max_increase`.

    These are its 0.1 % and 99.9 % quantiles, its extremes where it has fewer than 1,000 rows: about 0.2 % of the
    baseline lie beyond, and a few wrong numbers in it do not hide others, as they do from `range`. Counted exactly up
    to 2,048 numbers in a window, beyond that within 0.1 % of them. Columns of few distinct numbers have no tails.
    """
    if base.is_discrete:
        return skip("the baseline has too few distinct numbers to have tails")
    if not base.quantiles.count:
        return unknown(Reason.NO_BASELINE, "the baseline holds no distribution of this feature")
    low, high = base.quantiles.quantile(np.array([TAIL, 1 - TAIL])).tolist()
    # Fresh rows lie beyond the j-th number from an end with a chance of j in n + 1, where j - 1 of the baseline's do.
    before = _share(base, outside(base.quantiles, low, high) + ENDS)
    after = _share(now, outside(now.quantiles, low, high))
    where = f"below {number(low)} or above {number(high)}"
    why = f"{after.count} of {after.total} numbers lie {where}: {percent(before.value)} -> {percent(after.value)}"
    return at_most(share_difference(after, before, freedom=now.freedom), max_increase, why=why)


def _share(feature: Numeric, count: int) -> Share:
    return Share(count=count, total=feature.count, design_effect=feature.design_effect)
