"""Quality: how often the model errs, as shares of labelled rows that are followed as those of a feature are.

Each of them rises as the model does worse, and only that is looked for. Of classes they are rows wrongly predicted; of
two classes also those among rows of each, which tell of a rare class. Of numbers they are rows that are off by more
than the baseline's 50, 80 and 95 % were.
"""

from collections.abc import Iterable

import numpy as np

from monitor.feature import Counts
from monitor.model_quality import Binary, ModelQuality, Multiclass, Regression
from monitor.policy.look import Floats
from monitor.stats.quantiles import Quantiles

RULE = "model_quality"
"""The rule in whose name findings on them come out."""
NAME = "errors"
LEVELS = (0.5, 0.8, 0.95)
Places = tuple[tuple[str, str], ...]


def name_beside(columns: Iterable[str]) -> str:
    """What the shares together are called: not as a column is.

    >>> name_beside(["age"]), name_beside(["age", "errors"])
    ('errors', 'model errors')
    """
    known, name = frozenset(columns), NAME
    while name in known:
        name = f"model {name}"
    return name


def places(base: ModelQuality | None) -> Places:
    """Each share in words, and that of the other rows; none where nothing can be followed: errors of numbers have no
    limits without a baseline that holds some."""
    if base is None:
        return ()
    if isinstance(base.outcome, Regression):
        return tuple((f"off by more than {cut:.6g}", f"off by at most {cut:.6g}") for cut in _cuts(base.outcome))
    found = (("wrongly predicted", "rightly predicted"),)
    if isinstance(base.outcome, Multiclass):
        return found
    classes = (f"labelled {base.problem.positive!r}", "labelled otherwise")
    return (*found, *((f"{one} and wrongly predicted", f"{one} and rightly predicted") for one in classes))


def shares(now: ModelQuality | None, base: ModelQuality | None) -> tuple[Counts, Counts]:
    """Counts and totals of the shares that the baseline's `places` are, (shares,); of a window without labels enough,
    or none, nothing."""
    if now is None or base is None:
        return (np.zeros(len(places(base)), dtype=np.int64),) * 2
    if isinstance(now.outcome, Regression):
        assert isinstance(base.outcome, Regression)
        cuts = _cuts(base.outcome)
        return _beyond(now.outcome.distribution, cuts), np.full(len(cuts), now.outcome.errors.count, dtype=np.int64)
    if isinstance(now.outcome, Multiclass):
        total = int(now.outcome.cells.sum())
        return np.array([total - int(now.outcome.right.sum())]), np.array([total])
    return _of_two(now.outcome)


def _of_two(outcome: Binary) -> tuple[Counts, Counts]:
    """Of all rows, of the positive ones, of the negative ones."""
    (right, false_positive), (false_negative, right_too) = outcome.cells.tolist()
    positive, negative = false_negative + right_too, right + false_positive
    wrong = [false_positive + false_negative, false_negative, false_positive]
    return np.array(wrong, dtype=np.int64), np.array([positive + negative, positive, negative], dtype=np.int64)


def _cuts(outcome: Regression) -> Floats:
    """The baseline's absolute errors at the levels, ascending; none without any."""
    values, below = outcome.distribution.cdf()
    if not len(values):
        return np.zeros(0)
    order = np.argsort(np.abs(values), kind="stable")
    reached = np.cumsum(np.diff(below, prepend=0)[order])
    return np.unique(np.abs(values)[order][np.searchsorted(reached, np.array(LEVELS) * reached[-1])])


def _beyond(distribution: Quantiles, cuts: Floats) -> Counts:
    """How many errors are further from 0 than each cut; of more than 2,048 errors, as their summary has them."""
    values, below = distribution.cdf()
    weights = np.diff(below, prepend=0)
    found: Counts = (weights * (np.abs(values) > cuts[:, None])).sum(axis=1, dtype=np.int64)
    return found
