"""Has the distribution of a feature moved?"""

from monitor import Feature, Finding, Reason, at_most, rule, unknown
from monitor.distance import largest_shift, moved, rows_at


@rule
def drift(now: Feature, base: Feature, *, tolerance: float = 0.025) -> Finding:
    """Violated when the distribution moved by more than `tolerance`: rows that changed sides at the median.

    Shares of rows are compared at cells fixed by the baseline (quantile cuts, distinct numbers, categories), on the
    scale where sampling noise is the same everywhere, so that 2.5 % at the median are fewer rows in the tails. The
    interval allows for rows that repeat each other, for the number of cells and of features.
    """
    shift = largest_shift(now, base)
    if shift is None:
        return unknown(Reason.NO_BASELINE, "the baseline holds no distribution of this feature")
    return at_most(shift.estimate, rows_at(tolerance, shift.estimate.origin), why=moved(now, base, shift))
