"""Are all columns of the baseline there?"""

from collections.abc import Iterator
from dataclasses import replace

from monitor import Finding, Profile, Reason, Share, at_most, rule, share, unknown


@rule
def missing_column(now: Profile, base: Profile, *, max_share: float = 0.01) -> Iterator[Finding]:
    """Violated for each column that no row has, and when over `max_share` of rows are of another width.

    Rows without column names must have as many columns as the baseline; where they have not, nobody can say which
    one is gone, so that no feature is judged and one finding tells both widths.
    """
    others = sum(now.volume.widths.values())
    if others:
        usual = max(now.volume.widths, key=lambda width: (now.volume.widths[width], width))
        total = now.rows + others
        why = f"{others} of {total} rows have {usual} columns; the baseline has {len(base.features)}"
        yield at_most(share(Share(count=others, total=total)), max_share, why=why)
    if not now.rows:
        if not others:
            yield unknown(Reason.NO_DATA, "no row was read")
        return
    gone = [
        name for name, feature in now.features.items() if feature.absent == feature.rows and base.features[name].present
    ]
    for name in gone:
        yield replace(at_most(1, 0, why=f"column {name!r} is in the baseline and in no row"), feature=name)
    if not gone and not others:
        yield at_most(0, 0, why=f"all {len(base.features)} columns of the baseline are there")
