"""Rows A13, A14, A16 and A18 of the table of promises, on few draws; `make simulate` has them on many."""

import numpy as np
import pytest

from benchmarks.verdicts import coverage
from monitor.stats.interval import Interval


@pytest.fixture(scope="module")
def rows():
    return {row.name: row for row in coverage.rows(20261127, long=False)}


@pytest.mark.parametrize("name", ["A13", "A14", "A16", "A18"])
def test_the_row_is_kept(rows, name):
    assert rows[name].passed, rows[name]


def test_an_interval_without_bounds_for_chance_fails_the_table(monkeypatch):
    """The table can tell: the raw index as if it were the truth."""

    def bare(now, base):
        q, p = ((side + 0.5) / (side + 0.5).sum() for side in (now, base))
        raw = float(((q - p) * np.log(q / p)).sum())
        return Interval(raw, 0.8 * raw, 1.2 * raw)

    monkeypatch.setattr(coverage, "psi", bare)
    assert not coverage.intervals(np.random.default_rng(1), 100, coverage.SIZES[:1]).passed
