"""Numbers as people write them: properties beyond the examples in the docstrings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.wording import count, counted, deviations, number, percent


@given(st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-3))
def test_a_number_is_right_to_four_digits(value: float) -> None:
    assert float(number(value).replace(" ", "")) == pytest.approx(value, rel=6e-4)


@given(st.floats(0, 1))
def test_a_share_is_right_to_two_digits_and_never_in_powers_of_ten(share: float) -> None:
    text = percent(share)
    assert "e" not in text
    assert float(text.removesuffix(" %")) / 100 == pytest.approx(share, rel=0.06, abs=1e-6)


@given(st.integers(0, 10**15))
def test_a_count_keeps_every_digit(many: int) -> None:
    assert int(count(many).replace(" ", "")) == many


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_said_without_a_crash(value: float) -> None:
    assert number(value) in ("none", "inf", "-inf")
    assert percent(value) == "none"
    assert deviations(value) in ("none", "inf", "-inf")


def test_one_is_singular() -> None:
    assert [counted(n, "row") for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.999, "99.9 %"), (0.0999, "10 %"), (1e-7, "0 %"), (0.00004, "0.004 %"), (-0.05, "-5 %")],
)
def test_shares_near_the_ends(share: float, text: str) -> None:
    assert percent(share) == text
