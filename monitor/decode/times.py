"""Event times as written, to seconds of UTC."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

FORM = "%Y-%m-%dT%H:%M:%SZ"


def seconds_of(times: pa.StringArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole seconds since 1970 and whether there is one; ISO 8601, a time without a zone being UTC."""
    stamps = pc.strptime(times, format=FORM, unit="s", error_is_null=True)
    odd = np.flatnonzero(pc.and_(pc.is_null(stamps), pc.is_valid(times)).to_numpy(zero_copy_only=False))
    seconds = pc.fill_null(stamps.cast(pa.int64()), 0).to_numpy(zero_copy_only=False).copy()
    timed = pc.is_valid(stamps).to_numpy(zero_copy_only=False).copy()
    for index in odd.tolist():
        try:
            at = datetime.fromisoformat(times[index].as_py().strip())
            seconds[index] = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
            timed[index] = True
        except (ValueError, OverflowError):
            continue
    return seconds, timed


def moment(seconds: int) -> datetime:
    """The aware UTC time of a second."""
    return datetime.fromtimestamp(seconds, tz=UTC)
