"""Has the mean moved?"""

from dataclasses import replace

from monitor import Finding, Numeric, at_most, mean_difference, rule, skip
from monitor.wording import number


@rule
def mean_shift(now: Numeric, base: Numeric, *, max_shift: float = 0.25) -> Finding:
    """Violated when the mean moved by more than `max_shift` of the baseline's standard deviations, either way."""
    if not base.deviation > 0:
        return skip("the baseline is constant, so that it has no standard deviation to measure with")
    shift = mean_difference(now, base)
    why = f"mean {number(base.mean)} -> {number(now.mean)}"
    return at_most(replace(shift, value=abs(shift.value), centre=abs(shift.centre)), max_shift, why=why)
