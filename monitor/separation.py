"""Separation: whether rows of two sides can be told apart, by a classifier or by what principal components lose."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from monitor.stats.auc import Auc, auc

if TYPE_CHECKING:
    import pandas

FOLDS = 5
MOST_CATEGORIES = 50
TREES, LEAVES = 60, 15
SEED = 20260105
Floats = NDArray[np.float64]


def side_by_side(
    now: "pandas.DataFrame", base: "pandas.DataFrame", most: int
) -> tuple[Floats, NDArray[np.bool_], list[str], list[bool]]:
    """At most so many rows of each side: their values, (rows, columns); which are the window's; the names; and which
    columns hold categories.

    Numbers as they are, nan where there is none. Texts by how common they are in both sides together: the fifty
    commonest, then the rest as one.
    """
    import pandas

    sides = [side.sample(most, random_state=SEED) if len(side) > most else side for side in (now, base)]
    rows = pandas.concat(sides, ignore_index=True)
    is_text = [not pandas.api.types.is_numeric_dtype(rows[name]) for name in rows.columns]
    values = np.full(rows.shape, np.nan)
    for at, (name, text) in enumerate(zip(rows.columns, is_text, strict=True)):
        if text:
            common = rows[name].value_counts().index[:MOST_CATEGORIES]
            codes = common.get_indexer(pandas.Index(rows[name]))
            values[:, at] = np.where(rows[name].isna(), np.nan, np.where(codes < 0, MOST_CATEGORIES, codes))
        else:
            column = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
            values[:, at] = np.where(np.isfinite(column), column, np.nan)
    is_now = np.arange(len(rows)) < len(sides[0])
    return values, is_now, [str(name) for name in rows.columns], is_text


def told_apart(values: Floats, is_now: NDArray[np.bool_], is_text: list[bool], beyond: float) -> tuple[Auc, Floats]:
    """How well rows are told apart by trees that have not seen them (five folds). Where that is beyond an area, how
    much of it is lost when a column's values are shuffled, (columns,), as the first fold says; else zeros."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold

    scores, folds = np.zeros(len(values)), []
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(values, is_now):
        trees: Any = HistGradientBoostingClassifier(
            max_iter=TREES,
            max_leaf_nodes=LEAVES,
            categorical_features=is_text,
            early_stopping=False,
            random_state=SEED,
        )
        trees.fit(values[train], is_now[train])
        scores[test] = trees.predict_proba(values[test])[:, 1]
        folds.append((trees, test))
    found = auc(scores[is_now], scores[~is_now])
    losses = np.zeros(values.shape[1])
    if found.value > beyond:
        trees, test = folds[0]
        own, rng = _area(scores[test], is_now[test]), np.random.default_rng(SEED)
        for at in range(len(losses)):
            shuffled = values[test].copy()
            shuffled[:, at] = rng.permutation(shuffled[:, at])
            losses[at] = own - _area(trees.predict_proba(shuffled)[:, 1], is_now[test])
    return found, losses


def lost(now: "pandas.DataFrame", base: "pandas.DataFrame", kept_variance: float) -> tuple[Floats, Floats, int]:
    """What rows lose by the principal components of half of the baseline's rows: of the window's rows, of the other
    half's, and how many components keep so much of the variance.

    Columns of numbers, in the first half's standard deviations; a row without a number counts as the mean.
    """
    from sklearn.decomposition import PCA

    half = np.random.default_rng(SEED).permutation(len(base)) < len(base) // 2
    known, seen = (np.where(np.isfinite(rows), rows, np.nan) for rows in (base.to_numpy(float), now.to_numpy(float)))
    centre, unit = np.nanmean(known[half], axis=0), np.nanstd(known[half], axis=0)
    unit[~(unit > 0)] = 1.0
    first, other, window = (np.nan_to_num((rows - centre) / unit) for rows in (known[half], known[~half], seen))
    components: Any = PCA(n_components=kept_variance, svd_solver="full").fit(first)
    errors = [
        np.sqrt(((rows - components.inverse_transform(components.transform(rows))) ** 2).sum(axis=1))
        for rows in (window, other)
    ]
    return errors[0], errors[1], int(components.n_components_)


def _area(scores: Floats, is_now: NDArray[np.bool_]) -> float:
    return auc(scores[is_now], scores[~is_now]).value
