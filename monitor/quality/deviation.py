"""How much metrics vary over subsamples of a window's rows, drawn from what was counted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.model_quality import Binary, ModelQuality, Multiclass, Regression, Whole
from monitor.quality.intervals import reach
from monitor.quality.metrics import metrics_of

LEAST_ROWS: Final = 200  # below, Model Monitor has none
DRAWS: Final = 5
SHARE: Final = 0.8  # of the rows, none of them twice


def deviations(quality: ModelQuality, rng: np.random.Generator) -> Mapping[str, float]:
    """The standard deviation of each metric over five subsamples of 80 % of the rows, by name; empty below 200 rows.

    Rows of a table of classes and of scores are drawn from it without replacement. Of numbers only sums are kept: there
    the five are drawn from the normal law that such subsamples have, whose variance is a quarter of the metric's own
    (`(1 - f) / f`, f = 0.8).
    """
    outcome = quality.outcome
    if quality.judged < LEAST_ROWS:
        return {}
    if isinstance(outcome, Regression):
        half = np.sqrt((1 - SHARE) / SHARE) / (2 * reach())
        widths = {name: (found.high - found.low) * half for name, found in metrics_of(quality).items()}
        return {name: float(rng.normal(0.0, 1.0, DRAWS).std(ddof=1) * width) for name, width in widths.items()}
    drawn = [_values(replace(quality, outcome=_subsample(outcome, rng))) for _ in range(DRAWS)]
    return {name: float(np.std([one[name] for one in drawn], ddof=1)) for name in drawn[0]}


def _values(quality: ModelQuality) -> dict[str, float]:
    return {name: found.value for name, found in metrics_of(quality).items()}


def _subsample(outcome: Binary | Multiclass, rng: np.random.Generator) -> Binary | Multiclass:
    if isinstance(outcome, Binary):
        scores = replace(outcome.scores, counts=_drawn(outcome.scores.counts, rng))
        return replace(outcome, cells=_drawn(outcome.cells, rng), scores=scores)
    # Rows of the last cell that were rightly said are drawn apart from the others in it.
    parts = np.append(outcome.cells.ravel(), outcome.alike)
    parts[-2] -= outcome.alike
    drawn = _drawn(parts, rng)
    cells = drawn[:-1].reshape(outcome.cells.shape)
    cells[-1, -1] += drawn[-1]
    return replace(outcome, cells=cells, alike=int(drawn[-1]))


def _drawn(counts: Whole, rng: np.random.Generator) -> NDArray[np.int64]:
    rows = int(SHARE * int(counts.sum()))
    drawn = rng.multivariate_hypergeometric(counts.ravel(), rows, method="marginals")
    return drawn.reshape(counts.shape).astype(np.int64)
