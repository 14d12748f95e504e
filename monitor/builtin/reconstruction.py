"""Do the window's rows still lie where the baseline's do, all columns of numbers together?"""

from typing import TYPE_CHECKING

from monitor import Estimate, Finding, Reason, at_most, failed, rule, skip, unknown
from monitor.separation import lost

if TYPE_CHECKING:
    import pandas

FEWEST_ROWS = 50


@rule
def reconstruction(
    now: "pandas.DataFrame", base: "pandas.DataFrame", *, max_shift: float = 0.25, kept_variance: float = 0.65
) -> Finding:
    """Violated when rows are further from the baseline's principal components than its own: by `max_shift` deviations.

    Principal components that keep `kept_variance` of the variance are learned from half of the baseline's rows. What
    a row loses by them is its error; that of the other half says what is usual, and in whose standard deviations the
    window's mean error is told. Sees that a linear structure is lost and nothing else: a correlation of 0.2 that comes
    or goes leaves it as it is, which `domain_classifier` and the correlations find. For those who are used to it.

    Not in the preset; for a daily monitor. Needs the extra `driftd[ml]`, and a baseline that keeps rows (`driftd
    baseline make --sample 5000`). Rows without a number in a column count as its mean.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return failed("scikit-learn is not installed; pip install 'driftd[ml]'", "not_installed")
    names = [name for name in base.columns if base[name].dtype.kind == "f" and base[name].nunique() > 1]
    if len(names) < 2:
        return skip("fewer than two columns of numbers")
    if min(len(now), len(base) // 2) < FEWEST_ROWS:
        why = f"{len(now)} rows against {len(base)}; {FEWEST_ROWS} against {2 * FEWEST_ROWS} are needed"
        return unknown(Reason.TOO_FEW_ROWS, why)
    seen, usual, components = lost(now[names], base[names], kept_variance)
    size = float(usual.std())
    if not size > 0:
        return skip("the components lose nothing")
    shift = float(seen.mean() - usual.mean()) / size
    estimate = Estimate(
        value=shift,
        centre=shift,
        spread=max(1.0, float(seen.var()) / size**2),
        fixed=1 / len(usual),
        n_now=len(seen),
        n_base=len(usual),
        method="difference of means in standard deviations, Welch interval",
    )
    return at_most(estimate, max_shift, why=f"{components} components of {len(names)} columns")
