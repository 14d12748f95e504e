"""Event times as written, to seconds of UTC."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# The seconds that datetime can tell: years 1 to 9999.
FIRST = int(datetime.min.replace(tzinfo=UTC).timestamp())
LAST = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())
MICROSECONDS = 1_000_000


def seconds_of(times: pa.StringArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole seconds since 1970, rounded down, and whether there is one; ISO 8601, a time without a zone being UTC."""
    try:
        # Unlike strptime, the cast knows how many days a month has; but one time that it cannot read fails them all.
        stamps = times.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        seconds = pc.fill_null(stamps, 0).to_numpy(zero_copy_only=False) // MICROSECONDS
        timed = pc.is_valid(stamps).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        found = [_seconds(text) for text in times.to_pylist()]
        timed = np.array([second is not None for second in found], dtype=bool)
        seconds = np.array([second or 0 for second in found], dtype=np.int64)
    timed = timed & (seconds >= FIRST) & (seconds <= LAST)
    return np.where(timed, seconds, 0), timed


def _seconds(text: str | None) -> int | None:
    try:
        at = datetime.fromisoformat((text or "").strip())
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        return None


def moment(seconds: int) -> datetime:
    """The aware UTC time of a second."""
    return datetime.fromtimestamp(seconds, tz=UTC)
