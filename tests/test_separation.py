"""Telling rows apart: what trees and principal components see, and what they do not."""

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from monitor.builtin.domain_classifier import domain_classifier
from monitor.builtin.reconstruction import reconstruction
from monitor.finding import Finding, Status
from monitor.separation import MOST_CATEGORIES, side_by_side


@pytest.fixture(autouse=True)
def one_thread():
    """As in the child process that these rules are asked in."""
    with threadpool_limits(1):
        yield


def rows(rng: np.random.Generator, count: int, rho: float = 0.0, shift: float = 0.0) -> pd.DataFrame:
    values = rng.normal(size=(count, 4))
    values[:, 1] = rho * values[:, 0] + np.sqrt(1 - rho**2) * values[:, 1]
    values[:, 2] += shift
    frame = pd.DataFrame(values, columns=["a", "b", "c", "d"])
    frame.loc[rng.random(count) < 0.05, "d"] = np.nan
    frame["plan"] = rng.choice(["x", "y", "z"], count)
    return frame


def classified(now: pd.DataFrame, base: pd.DataFrame, **options: float) -> Finding:
    found = domain_classifier(now, base, **options)
    assert isinstance(found, Finding)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_one_source_are_not_told_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = classified(rows(rng, 2000), rows(rng, 2000))
    assert found.status is Status.OK
    assert found.value == pytest.approx(0.5, abs=0.04)
    assert found.low is not None
    assert found.low < 0.52


def test_a_correlation_that_no_column_shows_is_found_and_named() -> None:
    rng = np.random.default_rng(5)
    now, base = rows(rng, 2000, rho=0.8), rows(rng, 2000)
    found = classified(now, base)
    assert found.status is Status.VIOLATED
    assert found.low is not None
    assert found.low > 0.55
    named = found.why.removeprefix("told apart by ").split(", ")
    assert set(named[:2]) == {"a", "b"}
    same = reconstruction(now, base)
    assert isinstance(same, Finding)
    assert same.status is Status.OK  # blind to it, as its page says


def test_a_category_that_took_over_is_found() -> None:
    rng = np.random.default_rng(6)
    now = rows(rng, 1500)
    now["plan"] = rng.choice(["x", "y", "new"], 1500, p=[0.6, 0.2, 0.2])
    assert classified(now, rows(rng, 1500)).why == "told apart by plan"


def test_the_same_rows_give_the_same_answer_and_few_rows_none() -> None:
    rng = np.random.default_rng(7)
    now, base = rows(rng, 400, shift=0.6), rows(rng, 400)
    assert classified(now, base) == classified(now, base)
    few = classified(now[:49], base)
    assert (few.status, few.reason) == (Status.UNKNOWN, "too_few_rows")
    small = classified(base[60:120], base[:60])
    assert small.status is Status.UNKNOWN  # no shift that matters could have been seen
    assert small.rows_needed is not None


def test_rows_far_from_the_components_are_found() -> None:
    rng = np.random.default_rng(8)
    base = rows(rng, 2000, rho=0.95)
    broken = rows(rng, 1000, rho=-0.95)
    found = reconstruction(broken, base, kept_variance=0.8)
    assert isinstance(found, Finding)
    assert found.status is Status.VIOLATED
    same = reconstruction(rows(rng, 1000, rho=0.95), base)
    assert isinstance(same, Finding)
    assert same.status is Status.OK


@pytest.mark.parametrize(
    ("names", "count", "status"),
    [(["plan"], 500, Status.SKIPPED), (["a", "plan"], 500, Status.SKIPPED), (["a", "b"], 60, Status.UNKNOWN)],
)
def test_reconstruction_needs_two_columns_of_numbers_and_enough_rows(
    names: list[str], count: int, status: Status
) -> None:
    base = rows(np.random.default_rng(9), count)[names]
    found = reconstruction(base, base)
    assert isinstance(found, Finding)
    assert found.status is status


def test_rare_categories_are_one_and_infinite_numbers_are_none() -> None:
    now = pd.DataFrame({"t": [f"v{i}" for i in range(80)], "x": [np.inf, *range(79)]})
    values, is_now, names, is_text = side_by_side(now, now[:10], 1000)
    assert (names, is_text, int(is_now.sum())) == (["t", "x"], [True, False], 80)
    assert values[:, 0].max() == MOST_CATEGORIES
    assert np.isnan(values[0, 1])
    assert len(side_by_side(now, now, 30)[0]) == 60


def test_without_scikit_learn_the_check_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    frame = rows(np.random.default_rng(10), 100)
    for ask in (domain_classifier, reconstruction):
        found = ask(frame, frame)
        assert isinstance(found, Finding)
        assert (found.status, found.reason) == (Status.FAILED, "not_installed")
        assert "driftd[ml]" in found.why
