"""Are there negative numbers where the baseline has none?"""

from monitor import Finding, Numeric, at_most, rule, share, skip
from monitor.wording import number


@rule
def non_negative(now: Numeric, base: Numeric, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the numbers are negative and none in the baseline was."""
    if base.moments.negatives or not base.count:
        return skip("the baseline has negative numbers too" if base.count else "the baseline has no numbers here")
    negative = now.negative
    why = f"{negative.count} of {negative.total} numbers are negative"
    if negative.count:
        why += f", down to {number(now.moments.minimum)}"
    return at_most(share(negative, freedom=now.freedom), max_share, why=why)
