"""Many questions at once: the family-wise error rate over features."""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float], alpha: float) -> tuple[list[bool], list[float]]:
    """Holm's step-down: which are rejected, and at what level each was tried.

    Sort p ascending; reject p_(i) while p_(i) <= alpha / (m - i + 1), i from 1; the first that fails and all after it
    stay, tried at that last level. The chance of any wrong rejection is at most alpha under any dependence. nan
    counts as 1. Empty in, empty out.

    Reference: Holm, Scandinavian Journal of Statistics 6 (1979), 65.

    >>> holm([0.01, 0.04, 0.03], 0.05)
    ([True, False, False], [0.016666666666666666, 0.025, 0.025])
    """
    order = np.argsort(np.nan_to_num(np.asarray(p_values, dtype=np.float64), nan=1.0), kind="stable")
    count = len(order)
    rejected, levels = [False] * count, [alpha] * count
    level, still = alpha, True
    for step, index in enumerate(order.tolist()):
        if still:
            level = alpha / (count - step)
            still = p_values[index] <= level
        rejected[index], levels[index] = still, level
    return rejected, levels
