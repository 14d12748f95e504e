"""Was enough read, and could it be read?"""

from collections.abc import Iterator

from monitor import Finding, Profile, Reason, Share, at_least, at_most, rule, share, unknown


@rule
def volume(now: Profile, base: Profile, *, min_rows: int = 1, max_rejected: float = 0.01) -> Iterator[Finding]:  # noqa: ARG001
    """Violated when there are fewer than `min_rows` rows, or more than `max_rejected` of records could not be read.

    A window without any row is unknown. Rows of another width than the baseline's are missing_column's affair.
    """
    if not now.rows and not now.volume.widths:
        yield unknown(Reason.NO_DATA, "no row was read")
    elif now.rows:
        yield at_least(now.rows, min_rows, why=f"{now.rows} rows")
    reasons = {reason: count for reason, count in now.volume.rejected.items() if reason != "column_count"}
    rejected = sum(reasons.values())
    if rejected and now.volume.records:
        told = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
        why = f"{rejected} of {now.volume.records} records could not be read: {told}"
        yield at_most(
            share(Share(count=min(rejected, now.volume.records), total=now.volume.records)), max_rejected, why=why
        )
