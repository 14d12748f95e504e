"""Layout: where each share that is followed stands, and what the baseline says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Categorical, Counts, Feature, Numeric, is_score_for_label
from monitor.joint import Joint
from monitor.measures.joint import pairing
from monitor.model_quality import ModelQuality
from monitor.policy import quality
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
    followed two by two, `joint` what the baseline says of them, as in a look. `errors` is the last of the features
    where the model's errors are followed: what its shares are called, which is no column's name.
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
    errors: str = ""

    @property
    def rising(self) -> NDArray[np.bool_]:
        """Shares of which only that they rise is looked for, (cells,)."""
        found: NDArray[np.bool_] = self.owner == (len(self.features) - 1 if self.errors else -1)
        return found

    def first(self) -> NDArray[np.int64]:
        """Where each feature's shares begin; they lie side by side."""
        return np.searchsorted(self.owner, np.arange(len(self.features)))

    def middle(self, centre: Floats) -> NDArray[np.int64]:
        """Of each feature the share nearest a half by its angle, (features,); of missing rows where it is alone, of
        errors those of all rows."""
        far, first = np.abs(centre - np.pi / 2), self.first()
        sizes = np.diff(first, append=len(self.owner))
        inner = [int(far[at : at + max(1, size - 1)].argmin()) for at, size in zip(first, sizes, strict=True)]
        if self.errors:
            inner[-1] = 0
        return first + np.array(inner, dtype=np.int64)


def layout_of(base: Profile, digest: str = "") -> Layout:
    """The layout of a baseline; a feature without any distribution has its missing share only.

    The model's errors come last where the baseline says which problem is asked, and has what they are counted by.
    """
    base = base.settled() if base.is_dated else base
    kept, of_errors = base.features, quality.places(base.quality)
    errors = (quality.name_beside(kept),) if of_errors else ()
    shares = [_fresh(feature) for feature in kept.values()]
    shares += [quality.shares(base.quality, base.quality) for _ in errors]
    sizes = [len(counts) for counts, _ in shares]
    together = pairing(base)
    return Layout(
        features=(*kept, *errors),
        owner=np.repeat(np.arange(len(sizes)), sizes),
        outputs=np.array([*(one.role == "prediction" for one in kept.values()), *map(bool, errors)], dtype=bool),
        counts=_joined([counts for counts, _ in shares]),
        totals=_joined([totals for _, totals in shares]),
        effect=_effects(base, base),
        places=(*(place for feature in kept.values() for place in _places(feature)), *of_errors),
        digest=digest,
        pairs=together.pairs if together is not None else (),
        joint=_joint(base, base.joint or together),
        errors="".join(errors),
    )


def look_of(now: Profile, base: Profile, window: Window) -> Look:
    """A window's counts in the order of the baseline's layout; `now` is settled here.

    Columns that no row has, and scores where the baseline holds labels, have totals of 0: nothing can be said of them.
    So have errors where the window has no quality: that of one with too few labels is taken out before.
    """
    now = now.settled()
    shares = [_seen(now.features.get(name), feature) for name, feature in base.features.items()]
    if quality.places(base.quality):
        shares.append(quality.shares(now.quality, base.quality))
    return Look(
        window=window,
        rows=now.rows,
        counts=_joined([counts for counts, _ in shares]),
        totals=_joined([totals for _, totals in shares]),
        effect=_effects(now, base),
        joint=_joint(now, now.joint),
    )


def with_errors(look: Look, now: ModelQuality | None, base: Profile) -> Look:
    """The look at a window as the labels that have come since have it; all else stays as it was."""
    counts, totals = quality.shares(now, base.quality)
    kept = len(look.counts) - len(counts)
    return replace(
        look,
        counts=np.concatenate([look.counts[:kept], counts]),
        totals=np.concatenate([look.totals[:kept], totals]),
    )


def _effects(settled: Profile, base: Profile) -> Floats:
    """Of each feature; what repeats rows repeats their errors, so that these have the median one."""
    kept = settled.features
    found = [kept[name].design_effect if name in kept else 1.0 for name in base.features]
    errors = [float(np.median(found)) if found else 1.0] if quality.places(base.quality) else []
    return np.array([*found, *errors], dtype=np.float64)


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


def shares_of(base: Feature, cells: Counts, missing: Counts, rows: Counts) -> tuple[Counts, Counts]:
    """Counts and totals of a feature's shares, shape (..., shares); the last is that of rows without a value.

    From its `cells` (..., width), rows without a value and all rows (...).
    """
    count = cells[..., :-1].sum(axis=-1)
    places = _size(base) - 1
    below = np.cumsum(cells, axis=-1) if isinstance(base, Numeric) else cells
    counts = np.concatenate([below[..., :places], missing[..., None]], axis=-1)
    totals = np.concatenate([np.repeat(count[..., None], places, axis=-1), rows[..., None]], axis=-1)
    return counts, totals


def _seen(now: Measured | None, base: Measured) -> tuple[Counts, Counts]:
    """The shares of a feature in a window; nothing of one that is not there, or is not comparable."""
    if now is None or now.absent == now.rows or is_score_for_label(now, base):
        nothing = np.zeros(_size(base), dtype=np.int64)
        return nothing, nothing
    return shares_of(base, now.cells, np.array(now.missing), np.array(now.rows))


def _fresh(base: Measured) -> tuple[Counts, Counts]:
    """What as many fresh rows as the baseline's would count: some never seen, at the cost of the rare known ones."""
    cells = base.cells
    if isinstance(base, Categorical):
        cells = cells.copy()
        cells[-2] = base.once
        cells[-3] = max(0, cells[-3] - base.once)
    counts, totals = shares_of(base, cells, np.array(base.missing), np.array(base.rows))
    totals[:-1] = base.cells[:-1].sum()
    return counts, totals


def _size(base: Feature) -> int:
    """How many shares a feature has."""
    if not base.cells[:-1].any():
        return 1
    return len(base.cells) if isinstance(base, Categorical) else len(base.cells) - 1


def _places(base: Feature) -> list[tuple[str, str]]:
    """Each share in words, and that of the other rows."""
    missing = ("without a value", "with a value")
    if _size(base) == 1:
        return [missing]
    if isinstance(base, Categorical):
        cells = [*map(repr, base.values), "other known values"]
        named = [(f"with {cell}", f"with anything but {cell}") for cell in cells]
        return [*named, ("with values never seen before", "with values seen before"), missing]
    assert isinstance(base, Numeric)
    inner = [(f"at or below {cut:.6g}", f"above {cut:.6g}") for cut in base.cuts]
    ends = [(f"below {base.low:.6g}", f"at or above {base.low:.6g}"), *inner]
    return [*ends, (f"at or below {base.high:.6g}", f"above {base.high:.6g}"), missing]


def _joined(parts: Sequence[Counts]) -> Counts:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])
