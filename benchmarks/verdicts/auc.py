"""AUC: whether DeLong's interval holds what it is to hold. A15 of the table."""

import numpy as np
from scipy.special import ndtr

from benchmarks.verdicts.table import Row, share
from monitor.stats.auc import auc

ROWS, POSITIVES = 300, 30
SHIFTS = (0.0, 0.5, 1.0, 2.0)  # of the positives' scores, in standard deviations


def rows(seed: int, long: bool) -> list[Row]:
    """The row; `long` draws ten times as often."""
    return [interval(np.random.default_rng(seed), 20_000 if long else 2_000)]


def interval(rng: np.random.Generator, often: int) -> Row:
    """A15: how often the interval holds the true area, at the area where it does so least."""
    worst = (often, "")
    for shift in SHIFTS:
        truth = float(ndtr(shift / np.sqrt(2)))
        held = 0
        for _ in range(often):
            low, high = auc(rng.normal(shift, 1, POSITIVES), rng.normal(0, 1, ROWS - POSITIVES)).interval()
            held += low <= truth <= high
        worst = min(worst, (held, f"an area of {truth:.2f}"))
    return Row(
        "A15",
        f"interval of the area under the ROC curve, 95 %, {ROWS} rows, {POSITIVES} of them positive",
        "holds the truth in at least 92 %",
        f"at least {share(worst[0], often)} ({worst[1]})",
        worst[0] >= 0.92 * often,
    )


if __name__ == "__main__":
    for row in rows(1, long=True):
        print(row)
