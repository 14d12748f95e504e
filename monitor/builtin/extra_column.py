"""Are there columns that the baseline does not have?"""

from collections.abc import Iterator
from dataclasses import replace

from monitor import Finding, Profile, Reason, Share, at_most, rule, share, unknown


@rule
def extra_column(now: Profile, base: Profile, *, max_share: float = 0.01) -> Iterator[Finding]:
    """Violated for each column that over `max_share` of rows have and the baseline has not."""
    if not now.rows:
        yield unknown(Reason.NO_DATA, "no row was read")
        return
    for name, count in now.extra.items():
        why = f"column {name!r} has {count} values and is not in the baseline's {len(base.features)} columns"
        yield replace(at_most(share(Share(count=count, total=now.rows)), max_share, why=why), feature=name)
    if not now.extra:
        yield at_most(0, 0, why="no column but the baseline's")
