"""The approximate distinct counts in Model Monitor's statistics.json, with the errors that product makes.

That product computes them with Deequ's ApproxCountDistinct: HyperLogLog++ at precision 9 over the XXH64, seed 42, of
the UTF-8 bytes of the field as it was written, numbers too (`monitor.stats.hashes.hash_bytes`). The decisions follow
StatefulHyperloglogPlus.scala of awslabs/deequ. Our own count lives in `monitor.stats.distinct`.
"""

from dataclasses import dataclass, field
from math import floor, log
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from monitor.sagemaker.hll_bias import BIASES, RAW_ESTIMATES
from monitor.stats.distinct import registers

PRECISION: Final = 9
REGISTERS: Final = 1 << PRECISION
# Linear counting up to here: the threshold of the HyperLogLog++ appendix for precision 9.
LINEAR_LIMIT: Final = 400
# Beyond five times the number of registers the raw estimate has no bias worth correcting.
BIAS_LIMIT: Final = 5 * REGISTERS
NEIGHBOURS: Final = 6
_ALPHA: Final = 0.7213 / (1 + 1.079 / REGISTERS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApproximateDistinct:
    """512 registers, each the longest run of zeros seen; two states add up by the greater one of each."""

    registers: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(REGISTERS, np.uint8))

    def __post_init__(self) -> None:
        if len(self.registers) != REGISTERS:
            raise ValueError(f"approximate distinct: {len(self.registers)} registers; {REGISTERS} would be right")

    @classmethod
    def empty(cls) -> Self:
        return cls()

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> Self:
        """The state of hashes in any order, repeated or not. Shape (n,)."""
        return cls(registers=registers(hashes, PRECISION))

    def __add__(self, other: "ApproximateDistinct") -> "ApproximateDistinct":
        return ApproximateDistinct(registers=np.maximum(self.registers, other.registers))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ApproximateDistinct):
            return NotImplemented
        return np.array_equal(self.registers, other.registers)

    __hash__ = None  # type: ignore[assignment]

    @property
    def estimate(self) -> int:
        """The approximate number of distinct values, within about 4.6 % (one standard error). Empty: 0.

        With m = 512 registers M_j, V of them zero: m ln(m / V) if V > 0 and this is at most 400; otherwise the raw
        estimate E = alpha m**2 / sum 2**-M_j, less its bias while E < 5 m. Rounded, halves up.

        Reference: Heule, Nunkesser, Hall, HyperLogLog in practice (EDBT 2013), figure 6, without the sparse form.

        >>> ApproximateDistinct.of(np.array([1 << 63, 0], np.uint64)).estimate
        2
        """
        unused = int(np.count_nonzero(self.registers == 0))
        linear = REGISTERS * log(REGISTERS / unused) if unused else float("inf")
        return floor((linear if linear <= LINEAR_LIMIT else self._corrected()) + 0.5)

    def _corrected(self) -> float:
        total = float(np.ldexp(1.0, -self.registers.astype(np.int64)).sum())
        raw = _ALPHA * REGISTERS * REGISTERS / total
        return raw - _bias(raw) if raw < BIAS_LIMIT else raw


def _bias(raw: float) -> float:
    """The mean bias at the six tabled estimates that are nearest to a raw one.

    The window starts with the sixth place below the first estimate that is not less than `raw` and moves up while the
    next one above is nearer than its lowest: as Deequ does it, so that ties fall alike (and so that only five count
    between the last estimate of the table, 2553.768, and 2560).
    """
    low = max(int(np.searchsorted(RAW_ESTIMATES, raw)) - NEIGHBOURS + 1, 0)
    high = min(low + NEIGHBOURS, len(RAW_ESTIMATES))
    while high < len(RAW_ESTIMATES) and (raw - RAW_ESTIMATES[high]) ** 2 < (raw - RAW_ESTIMATES[low]) ** 2:
        low += 1
        high += 1
    return sum(BIASES[low:high]) / (high - low)
