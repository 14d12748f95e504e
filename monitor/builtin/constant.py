"""Has a column come to a standstill?"""

from monitor import Feature, Finding, Reason, Share, at_least, rule, share, skip, unknown
from monitor.wording import percent


@rule
def constant(now: Feature, base: Feature, *, min_share: float = 0.5) -> Finding:
    """Violated when all values are the same and the baseline says that others should have been among them.

    They should where even the upper bound of the share of other values lies below `min_share` of their share in the
    baseline.
    """
    if base.present == 0 or (base.distinct.is_exact and base.distinct.estimate <= 1):
        return skip("the baseline is constant too")
    if now.present == 0:
        return unknown(Reason.NO_DATA, "no value was read")
    if (different := now.distinct.estimate) > 1:
        return at_least(round(different), 2, why=f"{round(different)} different values")
    others = 1 - float(base.cells[:-1].max()) / base.present
    why = (
        f"all {now.present} values are the same; in the baseline the commonest is at most {percent(1 - others)} of them"
    )
    none = Share(count=0, total=now.present, design_effect=now.design_effect)
    return at_least(share(none, freedom=now.freedom), others * min_share, why=why)
