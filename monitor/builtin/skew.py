"""Does production differ from what the model was trained on?"""

from monitor import Feature, Finding, Reason, at_most, rule, unknown
from monitor.distance import largest_shift, moved, rows_at


@rule
def skew(now: Feature, base: Feature, *, tolerance: float = 0.025) -> Finding:
    """Violated when production lies further than `tolerance` (rows at the median) from the training baseline.

    Asked only once production itself has been learned, and drift is measured from there; until then drift asks this.
    """
    shift = largest_shift(now, base)
    if shift is None:
        return unknown(Reason.NO_BASELINE, "the baseline holds no distribution of this feature")
    return at_most(shift.estimate, rows_at(tolerance, shift.estimate.origin), why=moved(now, base, shift))
