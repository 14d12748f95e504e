"""Are there rows that lie apart from all of the baseline's?"""

from typing import TYPE_CHECKING

from monitor import Finding, Reason, at_most, failed, rule, share_difference, unknown
from monitor.isolation import isolation
from monitor.wording import number, percent

if TYPE_CHECKING:
    import pandas

FEWEST_ROWS = 50


@rule
def isolation_forest(now: "pandas.DataFrame", base: "pandas.DataFrame", *, max_increase: float = 0.01) -> Finding:
    """Violated when the share of rows that an isolation forest calls outlying grew by more than `max_increase`.

    The forest is grown on the baseline's rows; a row is outlying where it scores above 99.9 % of them. That tells rows
    far out in one or several columns, inputs and answers together, and not combinations that never were within the
    usual ranges: these `domain_classifier` finds.
    A missing value or a new text isolates no row (`completeness`, `unseen_category`). The finding names the columns in
    which outlying rows lie far out.

    Not in the preset; for a daily monitor. Needs the extra `driftd[ml]`, and a baseline that keeps rows (`driftd
    baseline make --sample 5000`). Interval of a difference of shares; rows are taken to be independent.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return failed("scikit-learn is not installed; pip install 'driftd[ml]'", "not_installed")
    if min(len(now), len(base)) < FEWEST_ROWS:
        return unknown(Reason.TOO_FEW_ROWS, f"{len(now)} rows against {len(base)}; {FEWEST_ROWS} of each are needed")
    found = isolation(now, base)
    why = f"{found.now.count} of {found.now.total} rows score above {number(found.limit)}: "
    why += f"{percent(found.base.value)} -> {percent(found.now.value)}"
    why += f"; they lie far out in {', '.join(found.columns)}" if found.columns else ""
    return at_most(share_difference(found.now, found.base), max_increase, why=why)
