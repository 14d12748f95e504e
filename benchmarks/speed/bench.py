"""Bench: what an experiment is given: the data, how much of them, how often, and what other tools there are."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.speed.stock import Stock

Found = dict[str, Any]
"""What an experiment found, as JSON has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`records` of the captures and rows of the table; the growth goes by `sizes`, `widths` and `files`."""

    stock: Stock
    tools: Path
    times: int = 7
    records: int = 1_000_000
    by_row: int = 200_000
    small: int = 100_000
    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000, 5_000_000)
    widths: tuple[tuple[int, int], ...] = (
        (10, 100_000),
        (50, 100_000),
        (100, 100_000),
        (1_000, 10_000),
        (9_999, 1_000),
    )
    files: tuple[int, ...] = (1, 10, 100, 1_000, 10_000)
    compared: int = 500
    monitors: int = 200
    peers: tuple[str, ...] = field(default_factory=tuple)


def ours(mode: str, *arguments: object) -> list[str]:
    """driftd as a library, in one of the modes of `ours`."""
    return [sys.executable, "-m", "benchmarks.speed.ours", mode, *map(str, arguments)]


def command(*arguments: object) -> list[str]:
    """The command `driftd`."""
    return [sys.executable, "-m", "monitor", *map(str, arguments)]
