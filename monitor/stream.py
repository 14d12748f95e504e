"""Stream: a column of errors in order, put to a detector of changes that takes one number after another."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from monitor.finding import Finding, Reason, at_most, unknown
from monitor.wording import number

if TYPE_CHECKING:
    import pandas

FEWEST_ROWS = 100
MEAN_OF = 200  # rows before and after a change that its size is told by


def watched(rows: "pandas.DataFrame", column: str, order_by: str, detector: Callable[[], Any]) -> Finding:
    """Violated where the detector says that the column's mean rose."""
    for name in (column, order_by):
        if name and name not in rows.columns:
            return unknown(Reason.COLUMN_MISSING, f"no row has a column {name!r}; a column of 0 and 1, or of losses")
    if order_by:
        rows = rows.sort_values(order_by, kind="stable")
    numbers = rows[column]
    if numbers.dtype.kind not in "fiub":
        return unknown(Reason.COLUMN_MISSING, f"column {column!r} holds no numbers; 0 and 1, or losses, would be right")
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    values = values[np.isfinite(values)]
    if len(values) < FEWEST_ROWS:
        return unknown(Reason.TOO_FEW_ROWS, f"{len(values)} errors; {FEWEST_ROWS} are needed")
    changes = [(at, *_means(values, at)) for at in _alarms(values, detector())]
    rises = [change for change in changes if change[2] > change[1]]
    why = ""
    if rises:
        at, before, after = rises[0]
        why = f"first at error {at} of {len(values)}: mean {number(before)} before, {number(after)} after"
    return at_most(len(rises), 0, why=why)


def _alarms(values: NDArray[np.float64], detector: Any) -> list[int]:
    found = []
    for at, value in enumerate(values.tolist(), 1):
        detector.update(value)
        if detector.drift_detected:
            found.append(at)
    return found


def _means(values: NDArray[np.float64], at: int) -> tuple[float, float]:
    """Of the rows before and up to an alarm, which comes some time after its change."""
    middle = max(1, at - MEAN_OF)
    return float(values[max(0, middle - MEAN_OF) : middle].mean()), float(values[middle:at].mean())
