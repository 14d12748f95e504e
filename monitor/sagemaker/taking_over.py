"""A baseline's profile from a statistics.json that Model Monitor wrote, in any of its dialects."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.cells import numeric_cuts
from monitor.errors import BaselineError
from monitor.feature import Categorical, Classes, Numeric
from monitor.profile import Measured, Profile, Volume
from monitor.sagemaker.distance import cumulated, weighted
from monitor.sagemaker.keys import Node, features_of, type_of, wrong
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_bytes, hash_floats, hash_uint64
from monitor.stats.moments import Moments
from monitor.stats.quantiles import BUFFER_SIZE, Quantiles

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# Deequ's histogram calls a missing value so.
NULL_VALUE: Final = "NullValue"
# A count of distinct values beyond this tells no rule more.
MOST_STAND_INS: Final = 1_000_000
# 2**61 values at the least: no file has them, and their weight still fits.
MOST_LEVELS: Final = 62


def profile_of(document: Mapping[str, Any]) -> Profile:
    """The profile of a baseline without its training data: types, moments, cells by the sketch's weights.

    Raises BaselineError naming the key where the document has another shape. Third and fourth moments are unknown
    and 0. Where a column has neither sketch nor buckets there are no cuts, and drift cannot be judged.
    """
    rows = Node.of(document).needed("dataset").count("item_count")
    features = {name: _feature(name, node, rows) for name, node in features_of(document).items()}
    return Profile(volume=Volume(records=rows, rows=rows), features=features)


def levels_of(feature: Node) -> tuple[Floats, ...]:
    """The levels of a column's sketch; none where it has no sketch, or an empty one."""
    kll = _distribution(feature, "numerical_statistics", "kll")
    sketch = kll.node("sketch") if kll is not None else None
    data = sketch.items("data") if sketch is not None else None
    if sketch is None or not data:
        return ()
    right = "lists of finite numbers, one for each level of the sketch,"
    try:
        levels = tuple(np.array(level, dtype=np.float64).reshape(-1) + 0.0 for level in data)
    except (TypeError, ValueError):
        raise wrong(sketch.place_of("data"), "something else", right) from None
    if len(levels) > MOST_LEVELS or not all(np.isfinite(level).all() for level in levels):
        raise wrong(sketch.place_of("data"), "something else", right)
    return levels if any(map(len, levels)) else ()


def counts_of(feature: Node) -> dict[str, int] | None:
    """Counts by value, the commonest first; None where the column has none."""
    categorical = _distribution(feature, "string_statistics", "categorical")
    entries = categorical.items("buckets") if categorical is not None else None
    if categorical is None or entries is None:
        return None
    counts: dict[str, int] = {}
    for number, entry in enumerate(entries):
        bucket = Node.of(entry, f"{categorical.place_of('buckets')}[{number}]")
        value = bucket.value.get("value")
        if not isinstance(value, str):
            raise wrong(bucket.place_of("value"), value, "a text")
        counts[value] = counts.get(value, 0) + bucket.count("count")
    common = feature.needed("string_statistics").needed("common")
    missing = common.count("num_missing")
    if sum(counts.values()) > common.count("num_present") and missing and counts.get(NULL_VALUE) == missing:
        del counts[NULL_VALUE]
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _distribution(feature: Node, kind: str, form: str) -> Node | None:
    about = feature.node(kind)
    distribution = about.node("distribution") if about is not None else None
    return distribution.node(form) if distribution is not None else None


def _feature(name: str, node: Node, rows: int) -> Measured:
    kind = type_of(node)
    numbers, texts = node.node("numerical_statistics"), node.node("string_statistics")
    about = numbers or texts
    if about is not None:
        common = about.needed("common")
        present, missing = common.count("num_present"), common.count("num_missing")
    else:
        present, missing = (0, rows) if kind == "Unknown" else (rows, 0)
    head = {
        "name": name,
        "type": kind,
        "rows": present + missing,
        "missing": missing,
        # One value at least, so that the type is inferred again.
        "classes": Classes() if kind == "Unknown" else Classes(**{kind.lower(): max(1, present)}),
    }
    if numbers is not None or (texts is None and kind in ("Integral", "Fractional")):
        return _numeric(node, numbers or Node({}, node.place), present, head)
    return _categorical(node, texts or Node({}, node.place), present, head)


def _numeric(node: Node, about: Node, present: int, head: dict[str, Any]) -> Numeric:
    levels = levels_of(node)
    values, below = cumulated(weighted(levels)) if levels else _from_buckets(node)
    count = int(below[-1]) if len(below) else present
    if count > present:
        raise BaselineError(f"{about.place_of('distribution')}: counts {count} values, num_present says {present}")
    moments = _moments(about, count, values, below)
    if moments is None:
        # No finite numbers: whatever is present is none.
        return Numeric(**head, cells=np.array([0, 0, 0, head["rows"]], dtype=np.int64), text=present)
    low, high = moments.minimum, moments.maximum
    cuts, is_discrete = _cuts(values, below, levels, low, high)
    at_cuts = below[np.searchsorted(values, cuts, side="right") - 1]
    return Numeric(
        **head,
        cells=np.diff(np.concatenate(([0, 0], at_cuts, [count, count, head["rows"]]))).astype(np.int64),
        cuts=cuts,
        low=low,
        high=high,
        is_discrete=is_discrete,
        text=present - count,
        distinct=_distinct(
            hash_floats(values), about.number("approximate_num_distinct_values"), len(levels) == 1, count
        ),
        quantiles=_quantiles(levels),
        moments=moments,
    )


def _moments(about: Node, count: int, values: Floats, below: Counts) -> Moments | None:
    """None where the file gives no numbers; with a distribution it must."""
    needed = {key: about.number(key) for key in ("mean", "std_dev", "min", "max")}
    given = {key: value for key, value in needed.items() if value is not None}
    if len(given) < len(needed):
        if len(below):
            lacking = next(key for key, value in needed.items() if value is None)
            raise wrong(about.place_of(lacking), None, "a number beside the distribution")
        return None
    low = min([given["min"], *values[:1].tolist()])
    total = about.number("sum")
    return Moments(
        count=count,
        total=given["mean"] * count if total is None else total,
        mean=given["mean"],
        m2=given["std_dev"] ** 2 * count,
        minimum=low,
        maximum=max([given["max"], *values[-1:].tolist()]),
        negatives=_negatives(values, below, low),
    )


def _from_buckets(node: Node) -> tuple[Floats, Counts]:
    """The inner edges of the buckets and the counts below each, then the upper end and the count of all.

    A bucket is closed to the left, a cell to the right: the number just below an edge closes the same values.
    """
    kll = _distribution(node, "numerical_statistics", "kll")
    entries = kll.items("buckets") if kll is not None else None
    if kll is None or not entries:
        return np.zeros(0), np.zeros(0, np.int64)
    buckets = [Node.of(entry, f"{kll.place_of('buckets')}[{i}]") for i, entry in enumerate(entries)]
    ends: list[float] = []
    counts: list[float] = []
    for bucket in buckets:
        low, high, count = (bucket.number(key) for key in ("lower_bound", "upper_bound", "count"))
        if low is None or high is None or count is None or high < low or count < 0 or (ends and high < ends[-1]):
            raise wrong(bucket.place, dict(bucket.value), "lower_bound, upper_bound, count in ascending order")
        ends.append(high)
        counts.append(count)
    values = np.append(np.nextafter(ends[:-1], -np.inf), ends[-1]) + 0.0
    below = np.rint(np.cumsum(counts)).astype(np.int64)
    is_last = np.append(values[1:] != values[:-1], True)
    return values[is_last], below[is_last]


def _cuts(values: Floats, below: Counts, levels: tuple[Floats, ...], low: float, high: float) -> tuple[Floats, bool]:
    """A sketch of few numbers is discrete while it holds all, or both ends: then it has lost none that matters."""
    if not levels:
        return values[:-1][below[:-1] > 0], False
    cuts, is_discrete = numeric_cuts(values, below)
    if is_discrete and len(levels) > 1 and not (values[0] == low and values[-1] == high):
        return values[values < high], False
    return cuts[cuts < high], is_discrete


def _negatives(values: Floats, below: Counts, low: float) -> int:
    """The weight below 0; one at least where the minimum is."""
    if low >= 0:
        return 0
    at = int(np.searchsorted(values, 0.0, side="left"))
    return max(1, int(below[at - 1]) if at and len(below) else 0)


def _quantiles(levels: tuple[Floats, ...]) -> Quantiles:
    """The same items at the same weights; levels of theirs may be longer than ours and are halved then."""
    total = Quantiles.empty()
    for height, level in enumerate(levels):
        items = np.sort(level)
        for start in range(0, len(items), BUFFER_SIZE):
            below = (np.zeros(0),) * height
            part = Quantiles(levels=(*below, items[start : start + BUFFER_SIZE]), compactions=(0,) * (height + 1))
            total = total + part
    return total


def _categorical(node: Node, about: Node, present: int, head: dict[str, Any]) -> Categorical:
    counts = counts_of(node) or {}
    named = sum(counts.values())
    if named > present:
        raise BaselineError(f"{about.place_of('distribution')}: counts {named} values, num_present says {present}")
    texts = [value.encode() for value in counts]
    hashes = hash_bytes(np.frombuffer(b"".join(texts), np.uint8), np.cumsum([0, *map(len, texts)]))
    return Categorical(
        **head,
        values=tuple(counts),
        is_complete=named == present,
        once=sum(count == 1 for count in counts.values()),
        cells=np.array([*counts.values(), present - named, 0, head["missing"]], dtype=np.int64),
        distinct=_distinct(hashes, about.number("distinct_count"), named == present, present),
    )


def _distinct(hashes: NDArray[np.uint64], told: float | None, is_exact: bool, present: int) -> Distinct:
    """The values held; where they are not all, stand-ins that give the number the file tells."""
    if is_exact or told is None or told <= len(hashes):
        return Distinct.of(hashes)
    number = min(round(told), present, MOST_STAND_INS)
    return Distinct.of(hash_uint64(np.arange(number, dtype=np.uint64)))
