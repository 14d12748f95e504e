"""The isolation forest: rows that lie apart are found, and those that do not are left alone."""

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from monitor.builtin.isolation_forest import isolation_forest
from monitor.finding import Finding, Reason, Status
from monitor.isolation import isolation


@pytest.fixture(autouse=True)
def one_thread():
    """As in the child process that this rule is asked in."""
    with threadpool_limits(1):
        yield


def rows(rng: np.random.Generator, count: int, odd: int = 0) -> pd.DataFrame:
    """Three numbers and a text; the first `odd` rows lie far out in b and c."""
    frame = pd.DataFrame(rng.normal(size=(count, 3)), columns=["a", "b", "c"])
    frame.loc[: odd - 1, ["b", "c"]] += [6.0, -6.0]
    frame["plan"] = rng.choice(["x", "y", "z"], count)
    return frame


def asked(now: pd.DataFrame, base: pd.DataFrame, **options: float) -> Finding:
    found = isolation_forest(now, base, **options)
    assert isinstance(found, Finding)
    return found


def test_planted_rows_are_found_counted_and_their_columns_named() -> None:
    rng = np.random.default_rng(1)
    base = rows(rng, 3000)
    found = asked(rows(rng, 1000, odd=40), base)
    assert found.status is Status.VIOLATED
    assert found.value == pytest.approx(0.04, abs=0.01)
    named = found.why.partition("; they lie far out in ")[2].split(", ")
    assert set(named) == {"b", "c"}
    assert asked(rows(rng, 1000, odd=40), base, max_increase=0.06).status is Status.OK


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_one_source_are_ok(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = asked(rows(rng, 1000), rows(rng, 3000))
    assert found.status is Status.OK
    assert found.value == pytest.approx(0, abs=0.004)


def test_of_fresh_rows_as_many_are_expected_as_there_are() -> None:
    """The limit is the j-th highest of the baseline's own n, which a fresh row passes with a chance of j in n + 1."""
    rng = np.random.default_rng(2)
    found = [isolation(rows(rng, 2000), rows(rng, 1000)) for _ in range(12)]
    assert {(one.base.count, one.base.total) for one in found} == {(2, 1000)}
    assert np.mean([one.now.value for one in found]) == pytest.approx(2 / 1001, abs=0.001)


def test_the_same_rows_give_the_same_answer_and_few_rows_none() -> None:
    rng = np.random.default_rng(3)
    base, now = rows(rng, 400), rows(rng, 300)
    assert asked(now, base) == asked(now, base)
    for few in (asked(now[:49], base), asked(now, base[:49])):
        assert (few.status, few.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
    assert asked(now[:60], base).reason in (Reason.TOO_FEW_ROWS, Reason.BASELINE_TOO_SMALL)


def test_missing_values_isolate_no_row_and_columns_without_values_are_left_out() -> None:
    rng = np.random.default_rng(4)
    base, now = rows(rng, 2000), rows(rng, 1000)
    now.loc[:300, "a"] = np.nan
    base["empty"], now["new"] = np.nan, 1.0
    assert asked(now, base).status is Status.OK


def test_new_texts_isolate_no_row_as_the_page_says() -> None:
    rng = np.random.default_rng(5)
    base, now = rows(rng, 3000), rows(rng, 1000)
    now.loc[:80, "plan"] = [f"odd {i}" for i in range(81)]
    assert asked(now, base).status is Status.OK


def test_without_scikit_learn_the_check_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    frame = rows(np.random.default_rng(6), 100)
    found = asked(frame, frame)
    assert (found.status, found.reason) == (Status.FAILED, "not_installed")
    assert "driftd[ml]" in found.why
