"""Has the mean prediction fallen?"""

from collections.abc import Iterator

from monitor import Finding, Numeric, at_least, mean_difference, rule, skip
from monitor.wording import number


@rule
def prediction_drop(now: Numeric, base: Numeric, *, max_drop: float = 0.10) -> Iterator[Finding]:
    """Violated when the mean prediction fell by more than `max_drop` of the baseline's mean prediction.

    Asked about predictions only: the answer's columns of a capture, or those that the configuration names.
    """
    if now.role != "prediction":
        return
    if not base.deviation > 0 or base.mean == 0:
        yield skip("the baseline's predictions are constant or have the mean 0")
        return
    threshold = -max_drop * abs(base.mean) / base.deviation
    yield at_least(mean_difference(now, base), threshold, why=f"mean {number(base.mean)} -> {number(now.mean)}")
