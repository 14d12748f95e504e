"""Profile: the measures of one window or one baseline."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from scipy.special import chdtri

from monitor.document import to_document
from monitor.feature import Categorical, Feature, Numeric, add_slices
from monitor.joint import Joint
from monitor.model_quality import ModelQuality
from monitor.slices import Slices
from monitor.stats.design_effect import design_effect
from monitor.stats.distinct import Distinct
from monitor.window import Window

Measured = Numeric | Categorical
CLEARLY_REPEATED = 1.25  # a median design effect up to here is chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How much was read. `records` are captures (or lines of a table); `rows` those that were measured.

    `rejected` counts records that were not, by reason. `widths` counts those rejected rows by their number of
    columns. `both` are records with a request and an answer, `dropped` rows that a transform left out,
    or records that a preprocessor script did. Times are of
    events; `ids` estimates distinct ids among `with_id` records.
    """

    records: int = 0
    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    both: int = 0
    dropped: int = 0
    first: datetime | None = None
    last: datetime | None = None
    with_id: int = 0
    ids: Distinct = field(default_factory=Distinct.empty)

    def __add__(self, other: "Volume") -> "Volume":
        return Volume(
            records=self.records + other.records,
            rows=self.rows + other.rows,
            rejected=add_counts(self.rejected, other.rejected),
            widths=add_counts(self.widths, other.widths),
            both=self.both + other.both,
            dropped=self.dropped + other.dropped,
            first=min((t for t in (self.first, other.first) if t is not None), default=None),
            last=max((t for t in (self.last, other.last) if t is not None), default=None),
            with_id=self.with_id + other.with_id,
            ids=self.ids + other.ids,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Volume, and a feature for each column of the baseline; `extra` counts the values of columns it does not have.

    `positions` is true where columns had no names and took the baseline's by place. `window` is the window judged,
    where a schedule gave one. `joint` is how features of numbers move together, `quality` what came of predictions;
    None where that was not counted.
    """

    volume: Volume = field(default_factory=Volume)
    features: Mapping[str, Measured] = field(default_factory=dict)
    extra: Mapping[str, int] = field(default_factory=dict)
    positions: bool = False
    window: Window | None = None
    joint: Joint | None = None
    quality: ModelQuality | None = None

    def to_document(self) -> dict[str, Any]:
        """Every field; without `joint` and `quality` where there is none, as it always was."""
        document = {item.name: to_document(getattr(self, item.name)) for item in fields(self)}
        return {k: v for k, v in document.items() if v is not None or k not in ("joint", "quality")}

    def __add__(self, other: "Profile") -> "Profile":
        features = {name: _sum(mine, other.features[name]) for name, mine in self.features.items()}
        return replace(
            self,
            volume=self.volume + other.volume,
            features=features,
            extra=add_counts(self.extra, other.extra),
            positions=self.positions or other.positions,
            joint=self.joint + other.joint if self.joint is not None and other.joint is not None else None,
            quality=self.quality + other.quality if self.quality is not None and other.quality is not None else None,
        )

    @property
    def rows(self) -> int:
        return self.volume.rows

    @property
    def is_dated(self) -> bool:
        """Whether rows have event times."""
        return any(feature.by_time is not None for feature in self.features.values())

    def settled(self) -> "Profile":
        """The same with design effects: the median feature's, or a feature's own where that is clearly larger.

        Repetition of rows strikes all features alike, and the median steadies those too rare to tell. What chance
        gives independent rows too (a median within a quarter of 1, an own effect that one window in a thousand shows)
        counts as none, so that the order of undated rows does not show in any number.
        """
        own = {name: design_effect(_ordered(feature)) for name, feature in self.features.items()}
        features = {
            name: replace(self.features[name], design_effect=effect, freedom=freedom)
            for name, (effect, freedom) in settled_effects(own).items()
        }
        return replace(self, features=features)


def settled_effects(own: Mapping[str, tuple[float, int]]) -> dict[str, tuple[float, int]]:
    """The effect that holds for each feature, and its degrees of freedom, from each one's own."""
    middle = float(np.median([effect for effect, freedom in own.values() if freedom] or [1.0]))
    shared = middle if middle > CLEARLY_REPEATED else 1.0
    most = max((freedom for _, freedom in own.values()), default=0)
    tail = 0.001 / max(1, len(own))
    found = {}
    for name, (effect, freedom) in own.items():
        is_clear = freedom > 0 and effect > shared * float(chdtri(freedom, tail)) / freedom
        found[name] = (effect if is_clear else shared, freedom or most)
    return found


def add_counts(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """Sums by key, in order of the keys."""
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b})}


def _sum(a: Measured, b: Measured) -> Measured:
    if isinstance(a, Numeric) and isinstance(b, Numeric):
        return a + b
    if isinstance(a, Categorical) and isinstance(b, Categorical):
        return a + b
    raise TypeError(f"feature {a.name!r}: a {a.kind} and a {b.kind} one do not add up")


def _ordered(feature: Feature) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Slices by time, or by order where time tells fewer than eight apart; without the last cell (no value)."""
    candidates = [s for s in (feature.by_time, feature.by_order) if s is not None]
    chosen: Slices | None = next((s for s in candidates if int((s.counts.sum(axis=1) > 0).sum()) >= 8), None)
    return chosen.counts[:, :-1] if chosen is not None else np.zeros((0, 1), dtype=np.int64)


__all__ = ["Measured", "Profile", "Volume", "add_counts", "add_slices"]
