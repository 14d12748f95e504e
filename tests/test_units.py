"""A change of unit is told, and nothing else is taken for one."""

import numpy as np
import pytest
from traffic import baseline, window

from monitor.feature import Numeric
from monitor.units import CHANGES, UnitChange, unit_change

ROWS = 3000


def drawn(kind: str, rows: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return {
        "normal": lambda: rng.normal(50, 10, rows).round(3),
        "centred": lambda: rng.normal(0, 1, rows).round(4),
        "lognormal": lambda: rng.lognormal(3, 0.8, rows).round(4),
        "count": lambda: rng.poisson(80, rows).astype(float),
        "zeros": lambda: np.where(rng.random(rows) < 0.5, 0.0, rng.lognormal(2, 1, rows)),
        "share": lambda: rng.beta(2, 5, rows),
        "flag": lambda: (rng.random(rows) < 0.3).astype(float),
        "wide": lambda: rng.lognormal(3, 1.6, rows).round(4),
        "constant": lambda: np.full(rows, 3.0),
    }[kind]()


def change(kind: str, factor: float = 1.0, offset: float = 0.0, rows: int = ROWS) -> UnitChange | None:
    base = baseline({"x": drawn(kind, 20_000, 1)})
    now = window({"x": drawn(kind, rows, 2) * factor + offset}, base).features["x"]
    held = base.features["x"]
    assert isinstance(now, Numeric)
    assert isinstance(held, Numeric)
    return unit_change(now, held)


@pytest.mark.parametrize(("factor", "offset", "before", "after"), CHANGES, ids=[f"{c[2]}-{c[3]}" for c in CHANGES])
def test_every_known_change_is_found_both_ways(factor: float, offset: float, before: str, after: str) -> None:
    for found, names, times in (
        (change("normal", factor, offset), (before, after), factor),
        (change("normal", 1 / factor, -offset / factor), (after, before), 1 / factor),
    ):
        assert found is not None
        assert found.factor == pytest.approx(times, rel=0.03)
        assert found.known == names or abs(found.factor / times - 1) > 1e-9, "another unit of about the same factor"


@pytest.mark.parametrize("kind", ["normal", "centred", "lognormal", "count", "zeros", "share", "flag"])
@pytest.mark.parametrize("factor", [1000, 100, 0.01])
def test_a_factor_is_found_in_any_distribution(kind: str, factor: float) -> None:
    found = change(kind, factor)
    assert found is not None
    assert (found.factor, found.offset) == (factor, 0.0)


def test_a_temperature_is_found_with_its_offset_and_told_in_words() -> None:
    found = change("normal", 1.8, 32)
    assert found is not None
    assert found.told == (
        "the whole distribution is 1.8 times what it was plus 32, "
        "as if degrees Celsius were now told in degrees Fahrenheit"
    )
    back = change("normal", 1 / 1.8, -32 / 1.8)
    assert back is not None
    assert "0.5556 times what it was minus 17.78" in back.told


def test_a_large_factor_without_a_known_unit_is_told_as_measured() -> None:
    found = change("lognormal", 17.0)
    assert found is not None
    assert found.known == ()
    assert found.factor == pytest.approx(17, rel=0.05)
    assert found.told.startswith("the whole distribution is 1")


@pytest.mark.parametrize("kind", ["normal", "centred", "lognormal", "count", "zeros", "share", "flag", "constant"])
def test_nothing_is_found_where_nothing_changed(kind: str) -> None:
    assert change(kind) is None


@pytest.mark.parametrize("kind", ["normal", "centred", "lognormal", "count", "share"])
@pytest.mark.parametrize("deviations", [-4, -1, 0.5, 1, 3, 6])
def test_a_shift_is_no_change_of_unit(kind: str, deviations: float) -> None:
    size = float(drawn(kind, ROWS, 3).std())
    assert change(kind, offset=deviations * size) is None


@pytest.mark.parametrize("factor", [0.4, 1.1, 1.5, 2.54, 3])
def test_a_spread_around_zero_that_grew_is_no_change_of_unit(factor: float) -> None:
    assert change("centred", factor) is None


def test_a_small_factor_needs_a_unit_that_it_fits() -> None:
    assert change("normal", 1.3) is None
    kilometres = change("normal", 1.609344)
    assert kilometres is not None
    assert kilometres.known == ("miles", "kilometres")


def test_a_factor_with_another_shape_is_no_change_of_unit() -> None:
    base = baseline({"x": drawn("lognormal", 20_000, 1)})
    now = window({"x": np.random.default_rng(2).lognormal(3, 0.5, ROWS) * 1000}, base)
    assert unit_change(now.features["x"], base.features["x"]) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("offset", [28, 29, 30, 31, 32])
def test_a_shift_that_is_half_of_a_factor_is_no_change_of_unit_in_few_rows(offset: float) -> None:
    assert change("normal", offset=offset, rows=100) is None


@pytest.mark.parametrize("factor", [1.4, 1.45, 1.5, 1.55])
def test_a_wide_distribution_that_grew_by_half_is_none_of_miles(factor: float) -> None:
    assert change("wide", factor, rows=1000) is None


def test_half_of_the_rows_in_another_unit_is_none() -> None:
    base = baseline({"x": drawn("normal", 20_000, 1)})
    rows = drawn("normal", ROWS, 2)
    now = window({"x": np.where(np.arange(ROWS) % 2 == 0, rows, rows * 1000)}, base)
    assert unit_change(now.features["x"], base.features["x"]) is None  # type: ignore[arg-type]


def test_a_few_rows_tell_nothing_and_none_does_not_either() -> None:
    assert change("normal", 1000, rows=20) is None
    base = baseline({"x": drawn("normal", 20_000, 1)})
    assert unit_change(window({"x": np.full(10, np.nan)}, base).features["x"], base.features["x"]) is None  # type: ignore[arg-type]
