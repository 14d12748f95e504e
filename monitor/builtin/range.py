"""Are the numbers still within the baseline's range?"""

from monitor import Finding, Numeric, at_most, rule, share, skip
from monitor.wording import number


@rule
def range(now: Numeric, base: Numeric, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the numbers lie below the baseline's minimum or above its maximum.

    A new extreme by itself is no violation: fresh rows of the same source bring some.
    """
    if not base.count:
        return skip("the baseline has no numbers here")
    beyond = now.out_of_range
    why = f"{beyond.count} of {beyond.total} numbers lie outside {number(base.low)} .. {number(base.high)}"
    if beyond.count:
        why += f", as far as {number(now.moments.minimum)} .. {number(now.moments.maximum)}"
    return at_most(share(beyond, freedom=now.freedom), max_share, why=why)
