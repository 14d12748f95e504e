"""ADWIN and Page-Hinkley as checks: rises are found, falls and steady streams are not, and what is missing is said."""

import numpy as np
import pandas as pd
import pytest

from monitor.builtin.adwin import adwin
from monitor.builtin.page_hinkley import page_hinkley
from monitor.finding import Status
from monitor.profile import Profile

RULES = [adwin, page_hinkley]


def errors(rng: np.random.Generator, *stretches: tuple[int, float]) -> pd.DataFrame:
    values = np.concatenate([rng.random(count) < rate for count, rate in stretches])
    return pd.DataFrame({"error": values.astype(float), "at": np.arange(float(len(values)))})


@pytest.mark.parametrize("rule", RULES)
def test_a_rise_is_found_and_dated(rule) -> None:
    found = rule(errors(np.random.default_rng(1), (2000, 0.1), (2000, 0.4)), Profile())
    assert found.status is Status.VIOLATED
    at = int(found.why.split("first at error ")[1].split(" ")[0])
    assert 2000 < at < 2600
    before, after = (float(part.split(" ")[0]) for part in found.why.split("mean ")[1].split(", "))
    assert before < 0.15 < after


@pytest.mark.parametrize("rule", RULES)
def test_a_fall_and_a_steady_stream_are_no_violation(rule) -> None:
    rng = np.random.default_rng(2)
    for rows in (errors(rng, (3000, 0.1)), errors(rng, (2000, 0.5), (1500, 0.1))):
        assert rule(rows, Profile()).status is Status.OK


@pytest.mark.parametrize("rule", RULES)
def test_rows_are_sorted_where_a_column_says_their_order(rule) -> None:
    rows = errors(np.random.default_rng(3), (2000, 0.1), (2000, 0.4))
    mixed = rows.sample(frac=1, random_state=1)
    assert rule(mixed, Profile()).status is Status.OK
    assert rule(mixed, Profile(), order_by="at") == rule(rows, Profile())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("rows", "reason", "why"),
    [
        (pd.DataFrame({"x": [1.0]}), "column_missing", "no row has a column 'error'"),
        (pd.DataFrame({"error": ["a"]}), "column_missing", "holds no numbers"),
        (pd.DataFrame({"error": [1.0, np.nan] * 99}), "too_few_rows", "99 errors; 100 are needed"),
    ],
)
def test_what_cannot_be_asked_is_unknown(rule, rows, reason, why) -> None:
    found = rule(rows, Profile())
    assert (found.status, found.reason) == (Status.UNKNOWN, reason)
    assert why in found.why


@pytest.mark.parametrize("rule", RULES)
def test_without_river_the_check_says_what_to_install(rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "river", None)
    found = rule(errors(np.random.default_rng(4), (200, 0.1)), Profile())
    assert (found.status, found.reason) == (Status.FAILED, "not_installed")
    assert "driftd[river]" in found.why
