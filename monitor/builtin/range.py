"""Are the numbers still within the baseline's range?"""

from monitor import Finding, Numeric, Share, at_most, rule, share_difference, skip
from monitor.wording import number

ENDS = 2


@rule
def range(now: Numeric, base: Numeric, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the numbers lie below the baseline's minimum or above its maximum.

    A new extreme by itself is no violation: fresh rows lie beyond the two extremes of n with a chance of 2 in n + 1, so
    that 2 of the baseline's rows are what `max_share` comes on top of.
    """
    if not base.count:
        return skip("the baseline has no numbers here")
    beyond = now.out_of_range
    why = f"{beyond.count} of {beyond.total} numbers lie outside {number(base.low)} .. {number(base.high)}"
    if beyond.count:
        why += f", as far as {number(now.moments.minimum)} .. {number(now.moments.maximum)}"
    expected = Share(count=ENDS, total=base.count, design_effect=base.design_effect)
    return at_most(share_difference(beyond, expected, freedom=now.freedom), max_share, why=why)
