"""Are there negative numbers where the baseline has none?"""

from monitor import Finding, Numeric, Share, at_most, rule, share_difference, skip
from monitor.wording import number


@rule
def non_negative(now: Numeric, base: Numeric, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the numbers are negative and none in the baseline was.

    Fresh rows lie below the smallest of n with a chance of 1 in n + 1: `max_share` comes on top of that.
    """
    if base.moments.negatives or not base.count:
        return skip("the baseline has negative numbers too" if base.count else "the baseline has no numbers here")
    negative = now.negative
    why = f"{negative.count} of {negative.total} numbers are negative"
    if negative.count:
        why += f", down to {number(now.moments.minimum)}"
    expected = Share(count=1, total=base.count, design_effect=base.design_effect)
    return at_most(share_difference(negative, expected, freedom=now.freedom), max_share, why=why)
