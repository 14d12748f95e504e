"""Traffic: one monitor's baseline and windows, drawn from a world."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.verdicts import pairs
from benchmarks.verdicts.cells import Cells, number_cells, text_cells, widened
from benchmarks.verdicts.errors import Erring
from benchmarks.verdicts.worlds import WORLDS, Change, Floats, Means
from monitor.feature import Counts
from monitor.policy.layout import Layout, layout_of
from monitor.policy.look import Look
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday; the baseline's hours lie before it
BASE_HOURS = 672  # four weeks
CHUNK = 20_000  # cells' chances at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`rows` a window, `hours` long. `base_rows` is the training baseline's size; a `dated` baseline is made of windows
    like production's instead. `repeat`: each row comes so many times. `swing`: volume x7 between day and night.
    `offset`: how far production lies from training, in every feature, up or down. `correlation`: of the rows' features,
    which takes rows drawn one by one. `errors` is the share of rows in which the model is wrong; 0: nobody knows.
    """

    world: str = "iid"
    features: int = 30
    rows: int = 1000
    hours: int = 1
    base_rows: int = 50_000
    dated: bool = False
    repeat: int = 1
    swing: bool = False
    offset: float = 0.0
    texts: bool = False
    correlation: float = 0.0
    errors: float = 0.0


class Traffic:
    """Windows in order; `layout` is the baseline's, `history` its looks where it is dated."""

    def __init__(self, setting: Setting, rng: np.random.Generator) -> None:
        self.setting, self.rng, self.at = setting, rng, 0
        self.means = Means(WORLDS[setting.world], setting.features, rng)
        self.ahead = np.zeros((0, setting.features))  # hours that were drawn and not asked for yet
        means = self.means.next(BASE_HOURS)
        self.signs = rng.choice([-1.0, 1.0], setting.features)
        self.cells, counts = self._baseline(means)
        self.history: tuple[Look, ...] = ()
        if setting.dated:
            self.history, counts = self._dated(means)
        self.layout = self._laid_out(counts)
        self.erring = Erring(setting.errors, WORLDS[setting.world], setting.hours, rng) if setting.errors else None
        if self.erring is not None:
            self.layout = self.erring.laid_out(self.cells.profile(counts), self.layout, setting.base_rows)
            self.history = tuple(self.erring.beside(look, None) for look in self.history)

    def _laid_out(self, counts: Counts) -> Layout:
        layout = layout_of(self.cells.profile(counts))
        if not layout.pairs:
            return layout
        rows = int(counts[0].sum())
        z = pairs.drawn(np.zeros((1, len(layout.features))), self.setting.correlation, (), rows, self.rng)
        return replace(layout, joint=z)

    def _baseline(self, means: Floats) -> tuple[Cells, Counts]:
        if not self.setting.texts:
            return number_cells(means, self.setting.base_rows, self.rng)
        cells = text_cells(self.setting.features)
        chances = _chances(cells, means[None], ())
        return cells, self.rng.multinomial(self.setting.base_rows, chances[0])

    def _dated(self, means: Floats) -> tuple[tuple[Look, ...], Counts]:
        """A baseline made of windows as production's: its extremes are its own."""
        setting = self.setting
        if not setting.texts:
            self.cells = widened(self.cells, means, setting.rows // setting.hours, self.rng)
        hours = BASE_HOURS // setting.hours * setting.hours
        chances = _chances(self.cells, means[:hours].reshape(-1, setting.hours, setting.features), ())
        if not setting.texts:
            for end, neighbour in ((0, 1), (-2, -3)):
                chances[..., neighbour] += chances[..., end]
                chances[..., end] = 0
        at = -len(chances)
        drawn = self._drawn(setting.rows, chances)
        hourly = means[:hours].reshape(-1, setting.hours, setting.features)
        looks = [
            self._look(at + i, setting.rows, row, self._joint(hourly[i], setting.rows, ()))
            for i, row in enumerate(drawn)
        ]
        return tuple(looks), drawn.sum(axis=0)

    def looks(self, count: int, *changes: Change) -> Iterator[Look]:
        """The next windows, with these changes from the first of them on."""
        found = self._looks(count, changes)
        yield from found if self.erring is None else self.erring.judged(found, changes)

    def _looks(self, count: int, changes: Sequence[Change]) -> Iterator[Look]:
        setting, done = self.setting, 0
        width = setting.features * (self.cells.edges.shape[1] + 2) * setting.hours
        while done < count:
            part = min(count - done, max(1, CHUNK * 15 // width))
            means = self._means(part) + setting.offset * self.signs
            rows = self._rows(part)
            reached = [(change, change.reached(done, part)) for change in changes]
            if setting.correlation:
                drawn = self._one_by_one(rows, means, reached)
            else:
                drawn = self._by_cells(rows, means, reached)
            for n, (counts, joint) in zip(rows, drawn, strict=True):
                look = self._look(self.at, int(n), counts, joint)
                self.at, self.ahead = self.at + 1, self.ahead[setting.hours :]
                yield look
            done += part

    def _means(self, windows: int) -> Floats:
        """Of the next windows, (windows, hours, features). Whoever takes fewer leaves the others for next time."""
        hours = self.setting.hours
        missing = max(0, windows * hours - len(self.ahead))
        self.ahead = np.concatenate([self.ahead, self.means.next(missing)]) if missing else self.ahead
        return self.ahead[: windows * hours].reshape(windows, hours, -1)

    def _by_cells(
        self, rows: Counts, means: Floats, reached: Sequence[tuple[Change, Floats]]
    ) -> Iterator[tuple[Counts, Floats]]:
        chances = _chances(self.cells, means, reached)
        for i, n in enumerate(rows):
            moved = [(change.feature, change.together * part[i]) for change, part in reached if change.together]
            yield self._drawn(int(n), chances[i]), self._joint(means[i], int(n), moved)

    def _joint(self, means: Floats, rows: int, moved: Sequence[tuple[int, float]]) -> Floats:
        if self.setting.texts:
            return np.zeros((2, 0))
        return pairs.drawn(means, self.setting.correlation, moved, rows // self.setting.repeat, self.rng)

    def _rows(self, windows: int) -> Counts:
        if not self.setting.swing:
            return np.full(windows, self.setting.rows)
        hour = self.at + np.arange(windows)
        swing = np.exp(np.sin(2 * np.pi * hour / 24)) * self.rng.lognormal(0, 0.2, windows)
        return np.maximum(20, (self.setting.rows * swing).astype(np.int64))

    def _drawn(self, rows: int, chances: Floats) -> Counts:
        """Counts by cell; rows that repeat each other fall together."""
        return self.rng.multinomial(rows // self.setting.repeat, chances) * self.setting.repeat

    def _one_by_one(
        self, rows: Counts, means: Floats, reached: Sequence[tuple[Change, Floats]]
    ) -> Iterator[tuple[Counts, Floats]]:
        """Rows whose features move together, an hour a window, shifts alone."""
        shared, size = self.setting.correlation, self.setting.features
        for i, n in enumerate(rows):
            mean = means[i, 0] + sum(np.eye(size)[c.feature] * c.shift * part[i] for c, part in reached)
            together = self.rng.normal(size=(n, 1))
            values = np.sqrt(1 - shared) * self.rng.normal(size=(n, size)) + np.sqrt(shared) * together + mean
            places = np.stack([np.searchsorted(e, v) for e, v in zip(self.cells.edges, values.T, strict=True)])
            lost = self.rng.uniform(size=places.shape) < self.cells.missing[:, None]
            places[lost] = self.cells.edges.shape[1] + 1
            width = self.cells.edges.shape[1] + 2
            flat = np.bincount((places + width * np.arange(size)[:, None]).ravel(), minlength=width * size)
            yield flat.reshape(size, width), pairs.measured(values)

    def _look(self, at: int, rows: int, counts: Counts, joint: Floats) -> Look:
        """Window `at` from the start of production; (features, cells) counts."""
        setting = self.setting
        rows = rows // setting.repeat * setting.repeat
        length = timedelta(hours=setting.hours)
        start = START + at * length
        present = rows - counts[:, -1:]
        shares = counts if setting.texts else np.delete(np.cumsum(counts, axis=1), -2, axis=1)
        shares[:, -1] = counts[:, -1]
        totals = np.concatenate([np.repeat(present, shares.shape[1] - 1, axis=1), np.full_like(present, rows)], axis=1)
        return Look(
            window=Window(start=start, end=start + length),
            rows=rows,
            counts=shares.ravel(),
            totals=totals.ravel(),
            effect=np.full(setting.features, self._effect(rows)),
            joint=joint,
        )

    def _effect(self, rows: int) -> float:
        """The design effect that `Profile.settled` would find, one for all features: rows that repeat each other across
        the border of two slices seem a little more independent than they are (measured at 200 to 10,000 rows)."""
        repeat = self.setting.repeat
        if repeat == 1:
            return 1.0
        slice_rows = max(8.0, rows / 32)
        return float(repeat * (1 - 0.4 * (repeat - 1) / slice_rows) * self.rng.normal(1, 0.035))


def _chances(cells: Cells, means: Floats, reached: Sequence[tuple[Change, Floats]]) -> Floats:
    """Chances of (windows, hours, features) means, with changes as far as they have come."""
    means, spread = means.copy(), np.ones_like(means)
    tail, missing = np.zeros_like(means), np.zeros_like(means)
    for change, part in reached:
        at = (..., change.feature)
        means[at] += change.shift * part[:, None]
        spread[at] *= 1 + (change.spread - 1) * part[:, None]
        tail[at] += change.tail * part[:, None]
        missing[at] += change.missing * part[:, None]
    return cells.chances(means, spread, tail, missing)


def late(looks: Sequence[Look], share: float, rng: np.random.Generator) -> Iterator[tuple[int, Look]]:
    """Arrivals of windows of numbers in order, (window, its look as far as it is known): a share of each window's rows
    comes one to three windows later, and the look is told anew."""
    waiting: dict[int, list[int]] = {}
    for at, whole in enumerate(looks):
        yield at, _thinned(whole, share, rng)
        waiting.setdefault(at + int(rng.integers(1, 4)), []).append(at)
        for earlier in waiting.pop(at, ()):
            yield earlier, looks[earlier]


def _thinned(look: Look, share: float, rng: np.random.Generator) -> Look:
    """Without a share of its rows, any of them."""
    kept = look.rows - int(rng.binomial(look.rows, share))
    features = len(look.effect)
    counts, totals = look.counts.reshape(features, -1).copy(), look.totals.reshape(features, -1).copy()
    for shares, total in zip(counts, totals, strict=True):
        cells = np.diff([0, *shares[:-1], total[0]])
        shares[-1] = rng.hypergeometric(shares[-1], look.rows - shares[-1], kept)
        total[:-1], total[-1] = kept - shares[-1], kept
        shares[:-1] = np.cumsum(rng.multivariate_hypergeometric(cells, int(total[0])))[:-1]
    return replace(look, rows=kept, counts=counts.ravel(), totals=totals.ravel())
