"""Counterpart: a feature's cells in production as it was learned, which how far it has moved is measured from."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from monitor.feature import Categorical, Feature
from monitor.policy.verdict import Verdict
from monitor.profile import Measured, Profile


def counterparts(verdict: Verdict, base: Profile) -> Mapping[str, Feature]:
    """Of each feature that has drifted, as learned; none while production is held against its training baseline."""
    kept = base.features
    told = [one for one in verdict.movements if one.learned and one.feature in kept]
    return {one.feature: _counterpart(kept[one.feature], np.array(one.learned), one.worth) for one in told}


def _counterpart(base: Measured, shares: np.ndarray, worth: float) -> Feature:
    """The baseline's feature with the cells that `worth` rows of production would have; all else is the baseline's.

    Shares were learned one by one, so that cumulative ones are put in order, and those of categories add up to all.
    Values that are no number are not followed: the baseline's share of them stands.
    """
    inner, missing = np.clip(shares[:-1], 0.0, 1.0), float(np.clip(shares[-1], 0.0, 1.0))
    missing += (1 - missing) * (int(base.cells[-1]) - base.missing) / max(1, base.present)
    if isinstance(base, Categorical):
        cells = inner / max(float(inner.sum()), 1e-300)
    else:
        cells = np.diff(np.maximum.accumulate(inner), prepend=0.0, append=1.0)
    counts = np.rint(np.append(cells * (1 - missing), missing) * worth).astype(np.int64)
    found = replace(base, cells=counts, design_effect=1.0, freedom=0)
    if isinstance(found, Categorical):  # fresh rows are expected to bring as many new values as production did
        once = int(counts[-2])
        counts[-3], counts[-2] = counts[-3] + once, 0
        return replace(found, once=once)
    return found
