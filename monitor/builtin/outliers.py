"""Have the tails grown?"""

from monitor import Finding, Numeric, Share, at_most, rule, share_difference, skip
from monitor.wording import number, percent


@rule
def outliers(now: Numeric, base: Numeric, *, max_increase: float = 0.03) -> Finding:
    """Violated when the share of numbers in the baseline's tails grew by more than `max_increase`.

    The tails are the numbers up to the baseline's lowest cut and beyond its highest: its 1 % and 99 % quantiles, so
    about 2 % of the baseline. Columns of few distinct numbers have no tails.
    """
    if base.is_discrete or len(base.cuts) < 2:
        return skip("the baseline has too few distinct numbers to have tails")
    before, after = _tails(base), _tails(now)
    why = (
        f"at most {number(base.cuts[0])} or above {number(base.cuts[-1])}: "
        f"{percent(before.value)} -> {percent(after.value)} of rows"
    )
    return at_most(share_difference(after, before, freedom=now.freedom), max_increase, why=why)


def _tails(feature: Numeric) -> Share:
    cells = feature.cells
    count = int(cells[0] + cells[1] + cells[-3] + cells[-2])
    return Share(count=count, total=feature.count, design_effect=feature.design_effect)
