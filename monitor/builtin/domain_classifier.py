"""Can a classifier tell the window's rows from the baseline's?"""

from typing import TYPE_CHECKING

from monitor import Finding, Reason, at_most, failed, rule, unknown
from monitor.estimate import separation
from monitor.separation import FOLDS, side_by_side, told_apart

if TYPE_CHECKING:
    import pandas

FEWEST_ROWS = 50


@rule
def domain_classifier(
    now: "pandas.DataFrame", base: "pandas.DataFrame", *, max_auc: float = 0.55, max_rows: int = 5000
) -> Finding:
    """Violated when trees tell the window's rows from the baseline's: an area under the ROC curve over `max_auc`.

    Finds what no column alone shows: columns that no longer go together, new combinations. 0.5 is guessing; 0.55 is
    about a sixth of a standard deviation in one column. Rows are scored by boosted trees that have not seen them. The
    interval is DeLong's, on the logit scale, and takes rows to be independent: where they repeat each other it is too
    narrow. The finding names the columns that the trees go by.

    Not in the preset; for a daily monitor. Needs the extra `driftd[ml]`, and a baseline that keeps rows (`driftd
    baseline make --sample 5000`). At most `max_rows` of each side are used, which takes seconds.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return failed("scikit-learn is not installed; pip install 'driftd[ml]'", "not_installed")
    if min(len(now), len(base)) < max(FEWEST_ROWS, FOLDS):
        return unknown(Reason.TOO_FEW_ROWS, f"{len(now)} rows against {len(base)}; {FEWEST_ROWS} of each are needed")
    values, is_now, names, is_text = side_by_side(now, base, max_rows)
    found, losses = told_apart(values, is_now, is_text, max_auc)
    order = sorted(range(len(names)), key=lambda at: -losses[at])[:3]
    by = ", ".join(names[at] for at in order if losses[at] > 0.01)
    return at_most(separation(found), max_auc, why=f"told apart by {by}" if by else "")
