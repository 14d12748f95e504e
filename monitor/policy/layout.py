"""Layout: where each share that is followed stands, and what the baseline says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Categorical, Counts, Feature, Numeric
from monitor.joint import Joint
from monitor.measures.joint import pairing
from monitor.policy.look import Floats, Look
from monitor.profile import Measured, Profile
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All shares of all features in one row: of numbers the rows at or below each cut, of texts those in each category,
    and of both those without a value.

    `features` are the names in the baseline's order, `owner` the feature of each share, (cells,), `outputs` whether a
    feature is the model's answer, (features,). `counts`, `totals` and `effect` are the baseline's own, as in a look.
    `digest` names what looks must agree in to be compared: the baseline's cells. `pairs` are the features that are
    followed two by two, `joint` what the baseline says of them, as in a look.
    """

    features: tuple[str, ...]
    owner: NDArray[np.int64]
    outputs: NDArray[np.bool_]
    counts: Counts
    totals: Counts
    effect: Floats
    places: tuple[tuple[str, str], ...]
    digest: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    joint: Floats = field(default_factory=lambda: np.zeros((2, 0)))

    def first(self) -> NDArray[np.int64]:
        """Where each feature's shares begin; they lie side by side."""
        return np.searchsorted(self.owner, np.arange(len(self.features)))


def layout_of(base: Profile, digest: str = "") -> Layout:
    """The layout of a baseline. A feature only listed by hand has its missing share only."""
    base = base.settled() if base.is_dated else base
    kept = base.features
    shares = [_shares(feature, feature, is_fresh=True) for feature in kept.values()]
    sizes = [len(counts) for counts, _ in shares]
    together = pairing(base)
    return Layout(
        features=tuple(kept),
        owner=np.repeat(np.arange(len(kept)), sizes),
        outputs=np.array([feature.role == "prediction" for feature in kept.values()], dtype=bool),
        counts=_joined([counts for counts, _ in shares]),
        totals=_joined([totals for _, totals in shares]),
        effect=np.array([feature.design_effect for feature in kept.values()], dtype=np.float64),
        places=tuple(place for feature in kept.values() for place in _places(feature)),
        digest=digest,
        pairs=together.pairs if together is not None else (),
        joint=_joint(base, base.joint or together),
    )


def look_of(now: Profile, base: Profile, window: Window) -> Look:
    """A window's counts in the order of the baseline's layout; `now` is settled here."""
    now = now.settled()
    shares = [_shares(now.features.get(name), feature) for name, feature in base.features.items()]
    effects = [now.features[name].design_effect if name in now.features else 1.0 for name in base.features]
    return Look(
        window=window,
        rows=now.rows,
        counts=_joined([counts for counts, _ in shares]),
        totals=_joined([totals for _, totals in shares]),
        effect=np.array(effects, dtype=np.float64),
        joint=_joint(now, now.joint),
    )


def _joint(settled: Profile, joint: Joint | None) -> Floats:
    """Fisher's z by pair and one over its variance, in rows worth one each, (2, pairs); rounded as a look is stored.

    Products of two features repeat each other at most as the geometric mean of both does (Bartlett, JRSS 98 (1935),
    536).
    """
    if joint is None:
        return np.zeros((2, 0))
    effects = {name: feature.design_effect for name, feature in settled.features.items()}
    worth = np.array([(effects.get(a, 1.0) * effects.get(b, 1.0)) ** 0.5 for a, b in joint.pairs])
    z = joint.fisher()
    precision = np.where(np.isfinite(z), np.maximum(0.0, joint.rows / worth - 3), 0.0)
    return np.stack([z, precision]).astype("f4").astype(np.float64)


def _shares(feature: Measured | None, base: Measured, *, is_fresh: bool = False) -> tuple[Counts, Counts]:
    """Counts and totals of a feature's shares; the last is that of rows without a value.

    `is_fresh`: of a baseline, what as many fresh rows would count: some never seen, at the cost of the rare known ones.
    """
    size = len(_places(base))
    if feature is None:
        return np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    if isinstance(feature, Numeric):
        below = np.cumsum(feature.cells)[: size - 1]
        total = feature.count
    else:
        below = feature.cells[:-1].copy()
        total = feature.present
        if is_fresh:
            below[-1] = feature.once
            below[-2] = max(0, below[-2] - feature.once)
    counts = np.append(below, feature.missing).astype(np.int64)
    totals = np.append(np.full(size - 1, total), feature.rows).astype(np.int64)
    return counts, totals


def _places(base: Feature) -> list[tuple[str, str]]:
    """Each share in words, and that of the other rows."""
    missing = [("without a value", "with a value")]
    if isinstance(base, Categorical):
        cells = [*map(repr, base.values), "other known values", "values never seen before"]
        return [(f"with {cell}", f"with anything but {cell}") for cell in cells] + missing
    assert isinstance(base, Numeric)
    inner = [(f"at or below {cut:.6g}", f"above {cut:.6g}") for cut in base.cuts]
    ends = [(f"below {base.low:.6g}", f"at or above {base.low:.6g}"), *inner]
    return [*ends, (f"at or below {base.high:.6g}", f"above {base.high:.6g}"), *missing]


def _joined(parts: Sequence[Counts]) -> Counts:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])
