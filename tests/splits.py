"""Engines for tests that work in this process, and what must be alike however a reading was split."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shop

from monitor.baseline import Baseline
from monitor.baselines import add, load
from monitor.batch import Expected
from monitor.engines.engine import Take
from monitor.engines.work import answer
from monitor.evaluate import Order, expected
from monitor.feature import Categorical, Numeric
from monitor.intake import Intake
from monitor.making import make
from monitor.profile import Measured, Profile
from monitor.reading import Reading
from monitor.rulepath import find, preset

RANK_ERROR = 0.003
MOMENTS = 1e-9
CHURN = Path(__file__).parent / "data" / "churn" / "training-dataset-with-header.csv"


@dataclass
class Here:
    """An engine that does all in this process: in another order with every `seed`, some twice, without the `lost`."""

    seed: int = 0
    lost: Sequence[int] = ()
    came: list[tuple[int, bytes]] = field(default_factory=list)

    def run(self, work: bytes, count: int, take: Take) -> None:
        draw = random.Random(self.seed)
        numbers = [*range(count), *draw.choices(range(count), k=2)] if self.seed else list(range(count))
        draw.shuffle(numbers) if self.seed else None
        for number in numbers:
            if number not in self.lost:
                self.came.append((number, answer(work, number)))
                take(*self.came[-1])


def baseline(table: Path, place: Path) -> Baseline:
    """The baseline of a table, as it comes back from its folder."""
    add(place, make(Intake(Reading([table], Expected())), name=place.name))
    return load(place)


def rows(folder: Path) -> Baseline:
    """The baseline of 500 rows of `a` and `b`."""
    table = folder / "training.csv"
    draw = random.Random(1)
    table.write_text("a,b\n" + "".join(f"{draw.gauss(0, 3):.3f},{draw.choice('abc')}\n" for _ in range(500)))
    return baseline(table, folder / "small")


def small(folder: Path) -> tuple[Baseline, Path]:
    """Such a baseline, and more files than one split takes of such rows."""
    draw = random.Random(2)
    for number in range(300):
        lines = [json.dumps({"a": round(draw.gauss(0, 3), 3), "b": draw.choice("abc")}) for _ in range(5)]
        shop.write(folder / "captures" / f"{number:03}.jsonl", lines)
    return rows(folder), folder / "captures"


def reading(base: Baseline, *paths: Path, **how: object) -> Reading:
    return Reading(paths, expected(base), **how)  # type: ignore[arg-type]


def order() -> Order:
    rules = find()
    return Order(monitor="m", checks=preset(rules.rules), rules=rules)


def assert_alike(one: Profile, other: Profile) -> None:
    """Counts identical, moments to 1e-9, ranks within the bound of the sketch."""
    assert one.volume == other.volume
    assert one.extra == other.extra
    assert one.positions == other.positions
    assert list(one.features) == list(other.features)
    assert (one.joint is None) == (other.joint is None)
    if one.joint is not None and other.joint is not None:
        for name in ("sums", "products", "both"):
            assert np.array_equal(getattr(one.joint, name), getattr(other.joint, name))
    for name, feature in one.features.items():
        _assert_alike(feature, other.features[name])


def _assert_alike(one: Measured, other: Measured) -> None:
    for name in ("name", "role", "type", "rows", "missing", "absent", "classes", "distinct"):
        assert getattr(one, name) == getattr(other, name), (one.name, name)
    assert np.array_equal(one.cells, other.cells)
    assert (one.by_time is None) == (other.by_time is None)
    if one.by_time is not None and other.by_time is not None:
        assert (one.by_time.level, one.by_time.first) == (other.by_time.level, other.by_time.first)
        assert np.array_equal(one.by_time.counts, other.by_time.counts)
    if isinstance(one, Categorical):
        assert isinstance(other, Categorical)
        assert (one.values, one.known, one.unseen) == (other.values, other.known, other.unseen)
        return
    assert isinstance(other, Numeric)
    assert np.array_equal(one.cuts, other.cuts)
    assert (one.nan, one.infinite, one.text) == (other.nan, other.infinite, other.text)
    mine, theirs = one.moments, other.moments
    assert (mine.count, mine.negatives, mine.minimum, mine.maximum) == (
        theirs.count,
        theirs.negatives,
        theirs.minimum,
        theirs.maximum,
    )
    size = max(abs(mine.minimum), abs(mine.maximum), 1e-300) if mine.count else 1.0
    for power, name in enumerate(("mean", "m2", "m3", "m4"), 1):
        scale = size**power * (1 if power == 1 else mine.count)
        gap = abs(getattr(mine, name) - getattr(theirs, name))
        assert not gap > MOMENTS * scale, (one.name, name)
    _assert_ranks(one, other)


def _assert_ranks(one: Numeric, other: Numeric) -> None:
    count = one.quantiles.count
    assert count == other.quantiles.count
    if not count:
        return
    values, below = one.quantiles.cdf()
    others, others_below = other.quantiles.cdf()
    at = np.searchsorted(others, values, side="right")
    ranks = np.concatenate([[0], others_below])[at]
    assert np.abs(ranks - below).max() <= 2 * RANK_ERROR * count
