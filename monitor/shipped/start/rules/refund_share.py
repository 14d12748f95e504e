"""Refunds are negative amounts: their share must not double."""

from monitor import Finding, Numeric, at_most, rule, share_ratio, skip


@rule
def refund_share(now: Numeric, base: Numeric, *, max_ratio: float = 2.0) -> Finding:
    """Violated when the share of negative values grew more than `max_ratio` times.

    >>> from monitor.testing import numeric
    >>> base = numeric([10, 20, 30, -5] * 250)
    >>> refund_share(numeric([10, 20, 30, -5] * 100, base), base).value
    1.0
    """
    if base.negative.count == 0:
        return skip("no refunds in the baseline to compare with")
    return at_most(share_ratio(now.negative, base.negative), max_ratio)
