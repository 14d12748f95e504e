"""Are values missing that the baseline had?"""

from monitor import Feature, Finding, at_most, rule, share_difference
from monitor.wording import percent


@rule
def completeness(now: Feature, base: Feature, *, max_increase: float = 0.01) -> Finding:
    """Violated when the share of rows without a value grew by more than `max_increase` (0.01: one row in a hundred)."""
    before, after = base.missing_share, now.missing_share
    why = f"missing {percent(before.value)} -> {percent(after.value)}"
    return at_most(share_difference(after, before, freedom=now.freedom), max_increase, why=why)
