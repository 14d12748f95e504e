"""Was the same record captured more than once?"""

from collections.abc import Iterator

from monitor import Finding, Profile, at_most, rule
from monitor.wording import percent

SKETCH_ERROR = 0.025  # three standard errors of the distinct count beyond the few thousand ids that are kept exactly


@rule
def duplicates(now: Profile, base: Profile, *, max_share: float = 0.01) -> Iterator[Finding]:  # noqa: ARG001
    """Violated when more than `max_share` of the records carry an id that another record has.

    Exact for small windows; in larger ones the number of ids is estimated and its error allowed for. No finding where
    records have no ids.
    """
    volume = now.volume
    if not volume.with_id:
        return
    ids = volume.ids.estimate if volume.ids.is_exact else volume.ids.estimate * (1 + SKETCH_ERROR)
    repeated = max(0.0, volume.with_id - ids) / volume.with_id
    yield at_most(repeated, max_share, why=f"{percent(repeated)} of {volume.with_id} records repeat an id")
