"""The promise that matters most: unchanged traffic is left in peace, and half a standard deviation is found.

The gate judges 20 windows of each kind; `--long` judges 500 and prints the rates.
"""

import pytest
import traffic

HALF_A_DEVIATION = {"normal0": 5.0}
KINDS = [(base_rows, rows, times) for base_rows in (2_000, 20_000) for rows, times in ((1000, 1), (200, 1), (1000, 5))]
SHIFTED = [(base_rows, times) for base_rows in (2_000, 20_000) for times in (1, 5)]
LEAST_FOUND = {1: 0.95, 5: 0.80}
MOST_FALSE = 0.01


@pytest.mark.parametrize(("base_rows", "rows", "times"), KINDS)
def test_unchanged_traffic_is_left_in_peace(base_rows: int, rows: int, times: int) -> None:
    found = traffic.tally(base_rows + rows + times, windows=20, rows=rows, base_rows=base_rows, times=times)
    assert found.violated <= 1, found.rules


@pytest.mark.parametrize(("base_rows", "times"), SHIFTED)
def test_half_a_standard_deviation_in_one_of_31_features_is_found(base_rows: int, times: int) -> None:
    found = traffic.tally(
        base_rows + times, windows=20, rows=1000, base_rows=base_rows, times=times, shifts=HALF_A_DEVIATION
    )
    assert found.named >= LEAST_FOUND[times] * found.windows
    assert found.named_alone >= found.named - 1, found.rules


@pytest.mark.slow
@pytest.mark.parametrize(("base_rows", "rows", "times"), KINDS)
def test_one_unchanged_window_in_a_hundred_at_most_is_violated(
    base_rows: int, rows: int, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found = traffic.tally(7 + base_rows + rows + times, windows=500, rows=rows, base_rows=base_rows, times=times)
    with capsys.disabled():
        print(f"\nunchanged: {base_rows=} {rows=} {times=} {found.violated} of {found.windows} {dict(found.rules)}")
    assert found.violated <= MOST_FALSE * found.windows


@pytest.mark.slow
@pytest.mark.parametrize(("base_rows", "times"), SHIFTED)
def test_half_a_standard_deviation_is_found_as_often_as_promised(
    base_rows: int, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found = traffic.tally(
        7 + base_rows + times, windows=500, rows=1000, base_rows=base_rows, times=times, shifts=HALF_A_DEVIATION
    )
    with capsys.disabled():
        told = f"found {found.named}, alone {found.named_alone} of {found.windows}"
        print(f"\nhalf a deviation: {base_rows=} {times=} {told} {dict(found.rules)}")
    assert found.named >= LEAST_FOUND[times] * found.windows
    assert found.named_alone >= found.named - MOST_FALSE * found.windows
