"""statistics.json: what Model Monitor writes about every column of a baseline or a window.

Written here; read back by `profile_of`, which lives in `taking_over`.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Categorical, Numeric
from monitor.profile import Measured, Profile
from monitor.sagemaker.kll import BUCKETS, SKETCH_SIZE, Kll
from monitor.sagemaker.taking_over import profile_of

__all__ = ["MOST_CATEGORIES", "profile_of", "statistics", "value_counts"]

# Deequ's default for keeping a histogram; published files kept 83 values and dropped 2,520.
MOST_CATEGORIES = 120


def statistics(
    profile: Profile,
    *,
    sketches: Mapping[str, Kll] | None = None,
    distinct: Mapping[str, int] | None = None,
    deviations: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """The document of a profile, in that product's keys and their order.

    With `sketches`, `distinct` and `deviations` (of a baseline, made from all rows in file order) its own sketch, its
    own approximate count and its own last digit; without, those of the profile. A key whose value nothing gives (the
    mean of no numbers) is left out. A column counted by category has string statistics, whatever its type.
    """
    features = [
        _statistics(feature, (sketches or {}).get(name), (distinct or {}).get(name), (deviations or {}).get(name))
        for name, feature in profile.features.items()
    ]
    return {"version": 0.0, "dataset": {"item_count": profile.rows}, "features": features}


def value_counts(feature: Categorical) -> dict[str, int] | None:
    """Rows by value, the commonest first; None where not all values are named, or they are more than 120."""
    own = feature.cells[: len(feature.values)].tolist()
    others, never_seen = feature.cells[len(feature.values) : -1].tolist()
    if others or never_seen != sum(feature.unseen.values()):
        return None
    counts = {value: count for value, count in zip(feature.values, own, strict=True) if count} | dict(feature.unseen)
    if len(counts) > MOST_CATEGORIES:
        return None
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _statistics(feature: Measured, sketch: Kll | None, distinct: int | None, deviation: float | None) -> dict[str, Any]:
    head = {"name": feature.name, "inferred_type": feature.classes.inferred}
    common = {"num_present": feature.present, "num_missing": feature.missing}
    different = round(feature.distinct.estimate) if distinct is None else distinct
    completeness = {"completeness": feature.present / feature.rows} if feature.rows else {}
    if isinstance(feature, Numeric):
        about: dict[str, Any] = {
            "common": common,
            **_moments(feature, deviation),
            "approximate_num_distinct_values": different,
            **completeness,
            **_distribution(feature, sketch),
        }
        return {**head, "numerical_statistics": about}
    counts = value_counts(feature) if feature.present else None
    buckets = [{"value": value, "count": count} for value, count in (counts or {}).items()]
    about = {"common": common, "distinct_count": float(different), **completeness}
    if counts is not None:
        about["distribution"] = {"categorical": {"buckets": buckets}}
    return {**head, "string_statistics": about}


def _moments(feature: Numeric, deviation: float | None) -> dict[str, float]:
    if not feature.count:
        return {}
    moments = feature.moments
    numbers = {
        "mean": moments.mean,
        "sum": moments.total,
        "std_dev": moments.deviation if deviation is None else deviation,
        "min": moments.minimum,
        "max": moments.maximum,
    }
    # Sums of very large numbers may have overflowed, and JSON has no infinity.
    return {key: value for key, value in numbers.items() if math.isfinite(value)}


def _distribution(feature: Numeric, sketch: Kll | None) -> dict[str, Any]:
    low, high = feature.moments.minimum, feature.moments.maximum
    if not feature.count or not math.isfinite((high - low) * BUCKETS):
        return {}
    if sketch is not None:
        ranges, data, shrinking = sketch.buckets(low, high), sketch.data, sketch.c
    else:
        # Levels of equal size: a sketch that does not shrink.
        data, shrinking = [level.tolist() for level in feature.quantiles.levels], 1.0
        ranges = _buckets(*feature.quantiles.cdf(), low, high)
    buckets = [{"lower_bound": a, "upper_bound": b, "count": float(count)} for a, b, count in ranges]
    size = float(SKETCH_SIZE if sketch is None else sketch.k)
    return {
        "distribution": {
            "kll": {"buckets": buckets, "sketch": {"parameters": {"c": shrinking, "k": size}, "data": data}}
        }
    }


def _buckets(
    values: NDArray[np.float64], below: NDArray[np.int64], low: float, high: float
) -> list[tuple[float, float, int]]:
    """As `Kll.buckets`: ten equal ranges, closed to the left, the last one on both sides."""
    edges = [low + (high - low) * i / BUCKETS for i in range(BUCKETS + 1)]
    ranks = np.concatenate((np.zeros(1, np.int64), below))[np.searchsorted(values, edges, side="left")]
    ranks[-1] = below[-1]
    return list(zip(edges[:-1], edges[1:], np.diff(ranks).tolist(), strict=True))
