"""Trial: one experiment, as runs that know nothing of each other and the rows that are made of all of them."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.verdicts.run import Make
from benchmarks.verdicts.table import Row

Outcome = dict[str, Any]  # of one run, as JSON has it
One = Callable[[np.random.Generator, Make], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`one` is a pure function of its random numbers. `runs` are those of the long form, `short` of the short one."""

    name: str
    one: One
    rows: Callable[[Sequence[Outcome]], list[Row]]
    runs: int = 10
    short: int = 2

    def seeded(self, commit: str, run: int) -> np.random.Generator:
        """Random numbers of one run: others for each commit, name and run."""
        return np.random.default_rng([int(commit, 16), zlib.crc32(self.name.encode()), run])
