"""A feature's page: both sides, over time, in words; whatever a capture calls it."""

import pytest
from web.memory import client
from web.pages.test_layout import Elements


def page(name: str, more: str = "") -> str:
    answer = client().get(f"/monitors/churn/feature?name={name}{more}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_feature_is_told_in_a_sentence_with_since_when_and_against_which_limit() -> None:
    text = page("age")
    assert "VIOLATED: drift" in text
    assert "age has moved since Monday" in text
    assert "limit +5 %" in text
    assert "Median 44 in the baseline, 64 now: +45.5 % (95 % sure of" in text


def test_what_could_not_be_judged_says_how_many_rows_would_do() -> None:
    text = page("zip")
    assert "UNKNOWN: skew could not be judged" in text
    assert "too_few_rows, 2 000 rows would do (10 read)" in text


def test_missing_is_a_bar_of_its_own_and_categories_that_came_or_went_are_named() -> None:
    text = page("zip")
    assert "now, 1 000 rows" in text
    assert ">missing<" in text
    assert "Never seen before: new 250" in text
    assert "In the baseline, and not now: gone (25 % of the baseline)" in text


def test_its_quantiles_go_over_time_with_the_baselines_behind_them() -> None:
    paths = {attrs.get("class") for tag, attrs in Elements(page("age")).found if tag == "path"}
    assert {"now-wide", "now-half", "now-line", "base-wide", "base-half", "base-line", "limit"} <= paths
    assert {"mark-violated", "mark-unknown"} <= paths


def test_every_window_of_it_leads_to_its_page() -> None:
    links = [attrs["href"] for tag, attrs in Elements(page("age")).found if tag == "a" and "/windows/" in str(attrs)]
    assert links[0] == "../../monitors/churn/windows/20260102T020000Z_20260102T030000Z"


def test_a_feature_that_the_baseline_has_not_is_shown_with_why() -> None:
    assert "no baseline is there" in page("new")


@pytest.mark.parametrize("name", ["age", "zip", "new"])
def test_a_hostile_name_or_value_stays_text(name: str) -> None:
    text = page(name)
    assert "<img" not in text
    assert "\u202e" not in text


def test_without_a_name_the_features_are_listed() -> None:
    links = [attrs["href"] for tag, attrs in Elements(page("")).found if tag == "a"]
    assert "../../monitors/churn/feature?name=zip" in links


@pytest.mark.parametrize(
    ("query", "code", "told"),
    [
        ("name=none", 404, "monitor &#39;churn&#39; has judged no window with it"),
        ("name=age&until=tomorrow", 400, "not a time with its zone"),
        ("name=age&count=9999", 400, "1 to 1000 would be right"),
    ],
)
def test_what_there_is_not_is_told(query: str, code: int, told: str) -> None:
    answer = client().get(f"/monitors/churn/feature?{query}")
    assert (answer.status_code, told in answer.text) == (code, True)
