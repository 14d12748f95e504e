"""Page-Hinkley on a stream of errors, for those who compare with it."""

from typing import TYPE_CHECKING

from monitor import Finding, Profile, failed, rule
from monitor.stream import watched

if TYPE_CHECKING:
    import pandas


@rule
def page_hinkley(
    now: "pandas.DataFrame",
    base: Profile,  # noqa: ARG001
    *,
    column: str = "error",
    order_by: str = "",
    threshold: float = 50.0,
    delta: float = 0.005,
) -> Finding:
    """Violated when Page-Hinkley finds that the mean of `column`, 0 and 1 or losses, rose within the window.

    Rows are taken as captures were written, or sorted by `order_by`; of windows over 10,000 rows every second, fourth
    ... of them. It begins anew with each window. `threshold` and `delta` are Page-Hinkley's own, in the column's unit,
    and no budget of alarms. Measured on a million errors each: a false alarm in 31,000 rows at an error rate of 10 %,
    in 12,000 at 30 %, up and down together; rates that rose by half were found after 1,400 and 290 rows (medians).

    Not in the preset; for compatibility. Needs the extra `driftd[river]`.
    """
    try:
        from river import drift
    except ImportError:
        return failed("river is not installed; pip install 'driftd[river]'", "not_installed")
    return watched(now, column, order_by, lambda: drift.PageHinkley(threshold=threshold, delta=delta))
