"""How many distinct values: a state that adds up, exact while there are few."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, log, sqrt
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

PRECISION: Final = 14
REGISTERS: Final = 1 << PRECISION
# Up to here the hashes themselves are kept; 1,024 of them take as many bytes as half the registers.
EXACT_LIMIT: Final = 1024
# Up to so many registers in use, they alone are written; and fewer hashes than this stay hashes.
FEW_USED: Final = 2048
FEW_EXACT: Final = 128
# The largest register: all 50 bits behind the index are zero.
_HIGHEST: Final = 64 - PRECISION + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distinct:
    """The distinct hashes seen: all of them up to 1,024, beyond that HyperLogLog with 16,384 registers.

    The state is a function of the set of hashes alone, so order, repetition and grouping leave no trace:
    `Distinct.of(a) + Distinct.of(b) == Distinct.of(a and b)`, exactly. `hashes` is ascending, shape (up to 1024,);
    `registers` has shape (16384,), or (0,) while the set is kept.
    """

    hashes: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    registers: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))

    def __post_init__(self) -> None:
        if len(self.hashes) > EXACT_LIMIT or len(self.registers) not in (0, REGISTERS):
            raise ValueError(
                f"distinct: {len(self.hashes)} hashes and {len(self.registers)} registers; "
                f"up to {EXACT_LIMIT} hashes, or {REGISTERS} registers, would be right"
            )

    @classmethod
    def empty(cls) -> Self:
        return cls()

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> Self:
        """The state of hashes in any order, repeated or not. Shape (n,).

        >>> Distinct.of(np.array([7, 7, 9], np.uint64)).estimate
        2.0
        """
        few = _few(hashes)
        return cls(hashes=few) if few is not None else cls(registers=registers(hashes, PRECISION))

    @classmethod
    def of_different(cls, hashes: NDArray[np.uint64]) -> Self:
        """The same of hashes that are all different, so that they need only be counted."""
        if len(hashes) <= EXACT_LIMIT:
            return cls(hashes=np.sort(hashes))
        return cls(registers=registers(hashes, PRECISION))

    def __add__(self, other: "Distinct") -> "Distinct":
        if self.is_exact and other.is_exact:
            return Distinct.of(np.concatenate((self.hashes, other.hashes)))
        return Distinct(registers=np.maximum(self._full_registers(), other._full_registers()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distinct):
            return NotImplemented
        return np.array_equal(self.hashes, other.hashes) and np.array_equal(self.registers, other.registers)

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_exact(self) -> bool:
        return not len(self.registers)

    @property
    def estimate(self) -> float:
        """The number of distinct values: exact up to 1,024, else within about 0.8 % (one standard error). Empty: 0.

        Ertl's improved estimator, which needs neither a bias table nor a switch to linear counting: with m registers
        that go to q + 1, C_k of them equal to k,

            m**2 / (2 ln 2 * (m sigma(C_0 / m) + sum_(k=1..q) C_k 2**-k + m tau(1 - C_(q+1) / m) 2**-q))

        Reference: Ertl, New cardinality estimation algorithms for HyperLogLog sketches (arXiv 1702.01284), algorithm 6.
        """
        return float(len(self.hashes)) if self.is_exact else _estimate(self.registers)

    def to_document(self) -> dict[str, Any]:
        """Hashes in hexadecimal, or registers as base64 of zlib; equal states give equal documents.

        Where few registers are in use these alone are written, as base64 of their places (two bytes each, the lower
        first) and behind all of these what they hold (a byte each).

        >>> Distinct.of(np.array([255, 7], np.uint64)).to_document()
        {'hashes': ['0000000000000007', '00000000000000ff']}
        """
        if self.is_exact:
            return {"hashes": [f"{value:016x}" for value in self.hashes.tolist()]}
        used = np.flatnonzero(self.registers)
        if len(used) <= FEW_USED:
            content = used.astype("<u2").tobytes() + self.registers[used].tobytes()
            return {"used": base64.b64encode(content).decode("ascii")}
        return {"registers": base64.b64encode(zlib.compress(self.registers.tobytes(), 9)).decode("ascii")}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        if "hashes" in document:
            return cls(hashes=np.array([int(value, 16) for value in document["hashes"]], np.uint64))
        if "used" in document:
            content = base64.b64decode(document["used"])
            count = len(content) // 3
            found = np.zeros(REGISTERS, np.uint8)
            found[np.frombuffer(content[: 2 * count], "<u2")] = np.frombuffer(content[2 * count :], np.uint8)
            return cls(registers=found)
        raw = zlib.decompress(base64.b64decode(document["registers"]))
        return cls(registers=np.frombuffer(raw, np.uint8))

    def coarse(self) -> "Distinct":
        """The same as registers, also where the hashes are known: a tenth of the size, within 0.8 %."""
        return self if len(self.hashes) < FEW_EXACT else Distinct(registers=self._full_registers())

    def _full_registers(self) -> NDArray[np.uint8]:
        return registers(self.hashes, PRECISION) if self.is_exact else self.registers


def registers(hashes: NDArray[np.uint64], precision: int) -> NDArray[np.uint8]:
    """The registers of HyperLogLog: the longest run of zeros seen behind each index.

    The upper `precision` bits of a hash are the index; the register holds the greatest (leading zeros + 1) of the bits
    behind them, so 0 where nothing was seen and 65 - precision at most. Shapes: (n,) to (2**precision,).

    Reference: Flajolet, Fusy, Gandouet, Meunier, HyperLogLog (AofA 2007).

    >>> registers(np.array([0b01_1 << 61, 0b01_0001 << 58], np.uint64), 2).tolist()
    [0, 4, 0, 0]
    """
    indices = (hashes >> np.uint64(64 - precision)).view(np.int64)
    # A one behind the last bit ends the run where all bits are zero.
    behind = hashes << np.uint64(precision)
    behind |= np.uint64(1 << (precision - 1))
    behind >>= np.uint64(1)  # signed numbers are turned into floats twice as quickly
    # The exponent of a float is the place of the highest one. Clearing the bit below it keeps rounding from raising it.
    behind &= ~(behind >> np.uint64(1))
    exponents = behind.view(np.int64).astype(np.float64).view(np.int64) >> 52
    result = np.zeros(1 << precision, np.uint8)
    np.maximum.at(result, indices, (1023 + 63 - exponents).astype(np.uint8))
    return result


def _few(hashes: NDArray[np.uint64]) -> NDArray[np.uint64] | None:
    """The distinct hashes in ascending order; None if they are more than 1,024."""
    if len(hashes) <= 2 * EXACT_LIMIT:
        unique = _ascending(hashes)
        return unique if len(unique) <= EXACT_LIMIT else None
    # Each slot in use stands for at least one hash: no need to sort, nor mostly to see all, to know they are too many.
    if len(_in_use(hashes[: 8 * EXACT_LIMIT])) > EXACT_LIMIT or len(used := _in_use(hashes)) > EXACT_LIMIT:
        return None
    indices = (hashes >> np.uint64(64 - PRECISION)).astype(np.intp)
    slots = np.zeros(REGISTERS, np.uint64)
    slots[indices] = hashes
    # A slot holds one of its hashes; sorting only the others makes a column of few values three times as quick.
    others = hashes[slots[indices] != hashes]
    unique = _ascending(np.concatenate((slots[used], others)))
    return unique if len(unique) <= EXACT_LIMIT else None


def _in_use(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    is_used = np.zeros(REGISTERS, np.bool_)
    is_used[hashes >> np.uint64(64 - PRECISION)] = True
    return np.flatnonzero(is_used)


def _ascending(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each once, sorted: numpy's own `unique` builds a table of hashes, of hashes that are spread already."""
    ordered = np.sort(hashes)
    is_new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]


def _estimate(registers: NDArray[np.uint8]) -> float:
    size = len(registers)
    counts = np.bincount(registers, minlength=_HIGHEST + 1).tolist()
    total = size * _tau(1 - counts[_HIGHEST] / size)
    for count in reversed(counts[1:_HIGHEST]):
        total = (total + count) / 2
    total += size * _sigma(counts[0] / size)
    return size * size / (2 * log(2) * total) if total else inf


def _sigma(share: float) -> float:
    """x + sum over k >= 1 of x**(2**k) * 2**(k - 1); infinite at 1. Range of x: 0..1."""
    if share == 1:
        return inf
    power, weight, total, before = share, 1.0, share, -1.0
    while total != before:
        before = total
        power *= power
        total += power * weight
        weight *= 2
    return total


def _tau(share: float) -> float:
    """(1 - x - sum over k >= 1 of (1 - x**(2**-k))**2 * 2**-k) / 3; 0 at 0 and at 1. Range of x: 0..1."""
    if share in (0.0, 1.0):
        return 0.0
    root, weight, total, before = share, 1.0, 1 - share, -1.0
    while total != before:
        before = total
        root = sqrt(root)
        weight /= 2
        total -= (1 - root) ** 2 * weight
    return total / 3
