"""Columns: what the seeded data hold, by kind, drawn as Arrow tables."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

Draw = Callable[[np.random.Generator, int], np.ndarray]
EMPTY_SHARE = 0.02
SEED = 7

# Floats with as many decimals as a service would log.
SERVED: tuple[Draw, ...] = (
    lambda rng, n: rng.normal(100, 20, n).round(2),
    lambda rng, n: rng.gamma(2, 10, n).round(3),
    lambda rng, n: rng.random(n).round(4),
    lambda rng, n: rng.lognormal(3, 1, n).round(2),
    lambda rng, n: rng.normal(0, 1, n).round(5),
)
# Floats at full precision, as a feature store has them: of mean 0 and standard deviation 1 or thereabouts.
STORED: tuple[Draw, ...] = (
    lambda rng, n: rng.standard_normal(n),
    lambda rng, n: rng.lognormal(0, 0.75, n),
    lambda rng, n: rng.standard_t(3, n),
    lambda rng, n: rng.random(n),
    lambda rng, n: rng.exponential(1, n),
    lambda rng, n: rng.gamma(2, 1, n),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """How many columns there are of each kind, and how many values the texts take."""

    floats: int = 30
    wholes: int = 8
    texts: int = 12
    draws: tuple[Draw, ...] = SERVED
    most_values: int = 20_000

    @classmethod
    def of(cls, columns: int) -> "Width":
        """In the usual shares: of 50 columns 30 floats, 8 whole numbers and 12 texts."""
        wholes, texts = round(0.16 * columns), round(0.24 * columns)
        return cls(floats=columns - wholes - texts, wholes=wholes, texts=texts)

    @property
    def columns(self) -> int:
        return self.floats + self.wholes + self.texts

    @property
    def names(self) -> list[str]:
        kinds = (("float", self.floats), ("whole", self.wholes), ("text", self.texts))
        return [f"{kind}{i}" for kind, count in kinds for i in range(count)]

    @property
    def values(self) -> list[int]:
        """How many values each text takes: 2, and more by equal factors."""
        return [round(count) for count in np.geomspace(2, self.most_values, self.texts)] if self.texts else []


def drawn(width: Width, rows: int, rng: np.random.Generator, shift: float = 0.0) -> pa.Table:
    """Rows of every column; the first three floats moved by `shift`. A third of the floats have empty cells."""
    columns = [_float(width.draws[i % len(width.draws)], i, rows, rng, shift) for i in range(width.floats)]
    for i in range(width.wholes):
        high = 10 ** (i // 2 % 4 + 1)
        columns.append(pa.array(rng.poisson(3 + 10 * i % 100, rows) if i % 2 else rng.integers(0, high, rows)))
    columns += [_text(i, count, rows, rng) for i, count in enumerate(width.values)]
    return pa.table(columns, names=width.names)


def _float(draw: Draw, number: int, rows: int, rng: np.random.Generator, shift: float) -> pa.Array:
    values = draw(rng, rows) + (shift if number < 3 else 0.0)
    empty = rng.random(rows) < EMPTY_SHARE if number % 3 == 2 else None
    return pa.array(values, mask=empty)


def _text(number: int, count: int, rows: int, rng: np.random.Generator) -> pa.Array:
    """The n-th value comes about 1/n as often as the first."""
    shares = np.cumsum(1 / np.arange(1, count + 1))
    codes = np.searchsorted(shares, rng.random(rows) * shares[-1], side="right").clip(0, count - 1)
    words = pa.array([f"v{number}_{value}" for value in range(count)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words).cast(pa.string())
