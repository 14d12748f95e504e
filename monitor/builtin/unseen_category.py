"""Are there categories that the baseline has never seen?"""

from monitor import Categorical, Finding, at_most, rule, share, share_difference, skip
from monitor.wording import percent


@rule
def unseen_category(now: Categorical, base: Categorical, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the values were never seen in the baseline.

    A new value by itself is no violation. Fresh rows of the same source bring as many as stood in the baseline a
    single time (Good and Turing's estimate); `max_share` comes on top of those.
    """
    if not base.is_complete:
        return skip("the baseline has more different values than it keeps, so that new ones cannot be told")
    commonest = sorted(now.unseen.items(), key=lambda item: (-item[1], item[0]))[:3]
    named = ", ".join(f"{value[:40]!r} {count}" for value, count in commonest)
    unseen = now.unseen_share
    why = f"{unseen.count} of {unseen.total} values are new" + (f": {named}" if named else "")
    if not base.present:  # the categories are only listed, by hand or in an imported file
        return at_most(share(unseen, freedom=now.freedom), max_share, why=why)
    if base.once:
        why += f"; {percent(base.fresh_share.value)} are to be expected"
    return at_most(share_difference(unseen, base.fresh_share, freedom=now.freedom), max_share, why=why)
