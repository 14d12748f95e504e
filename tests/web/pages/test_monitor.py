"""The page of a monitor: what holds now, features by windows, numbers and happenings on the same columns."""

import json
import re
from html import unescape
from typing import Any

import pytest
from metrics.views import END, figures
from web.memory import TOKENS, Memory, client
from web.past import Remembered, moved, seen, windows

from monitor.figures import Score
from monitor.web.pages import standing
from monitor.web.pages.grid import Group, columns, groups, lines

AT = "/monitors/churn"


def page(query: str = "", **past: Any) -> str:
    answer = client(Memory(past=Remembered(**past))).get(f"{AT}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def cells(text: str, feature: str) -> list[str]:
    """The classes of a feature's cells."""
    (found,) = re.findall(rf"<tr><th scope=\"row\"><a [^>]*>{feature}</a></th>(.*)</tr>", text)
    return re.findall(r'<td class="c (\w+)"', found)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def charts(text: str) -> dict[str, Any]:
    """What each chart draws, by its name."""
    found = re.findall(r'<tr class="chart"><th scope="row">([^<]*)<.*?data-chart="([^"]*)"', text)
    return {name: json.loads(unescape(data)) for name, data in found}


def lane(text: str, name: str) -> list[str]:
    """What stands in the columns of a lane: at (it begins), on (it goes on) or nothing."""
    (found,) = re.findall(rf'<tr class="lane"><th scope="row">{name}</th>(.*)</tr>', text)
    return re.findall(r'<td(?: class="(\w+)")?', found)


def test_a_cell_says_what_was_of_a_feature_in_a_window() -> None:
    text = page()
    assert cells(text, "age") == ["o0", "n", "o0", "n", "u", "o0", "v", "v"]
    assert cells(text, "zip") == ["o0", "n", "o0", "n", "u", "o0", "o0", "o0"]
    assert 'title="violated (drift) 25 %, limit 10 %">!</td>' in text
    assert 'title="unknown ">?</td>' in text
    assert 'title="skipped: too far back to be caught up with"' in text
    assert 'title="no window"' in text


def test_what_moved_most_comes_first() -> None:
    known = windows("age", "zip", "city")
    last = seen(0, "age", "zip", "city", drifted=("zip",))
    text = page(windows=[*known[:-2], seen(1, "age", "zip", "city"), last])
    assert re.findall(r'feature\?name=(\w+)">\w+</a></th><td', text) == ["zip", "age", "city"]


def test_of_features_that_moved_alike_the_one_with_more_of_the_budget_comes_first() -> None:
    over = columns(windows("age", "zip", "city"))
    for first, second in (("zip", "city"), ("city", "zip")):
        found = [line.feature for line in lines(over, (), {first: 0.6, second: 0.1})]
        assert found.index(first) < found.index(second)


def test_a_feature_that_was_never_judged_is_unknown_all_along() -> None:
    never = moved("income", status="unknown", reason="too_few_rows")
    assert set(cells(page(findings=(never,)), "income")) == {"u", "n"}


def test_features_are_chosen_by_a_part_of_their_names() -> None:
    text = page("?feature=ZI")
    assert cells(text, "zip")
    assert ">age</a></th><td" not in text


def test_links_lead_to_features_windows_incidents_and_reports() -> None:
    text = page()
    for place in (
        "../monitors/churn/feature?name=age",
        "../monitors/churn/windows/20260102T020000Z_20260102T030000Z",
        "../incidents/churn:1".replace(":", "%3A"),
        "../api/v1/monitors/churn/reports/20260102T020000Z_20260102T030000Z/report.html",
        "../api/v1/monitors/churn",
    ):
        assert f'href="{place}"' in text


def test_the_page_says_first_what_holds_now() -> None:
    told = words(page())
    assert "VIOLATED in the newest window, 2026-01-02 02:00 to 03:00 UTC : 1 of 2 features drifted" in told
    assert "5 of 7 questions could be answered. Learning what is usual: 12 of 336 windows; meanwhile" in told
    assert "Open incident since 10 min ago: column zip is gone" in told
    assert "age has moved: rows above 40 are 60 % now, 50 % as learned (+10 % [+8, +12], limit +5 %)" in told
    assert "2026-01-02 03:00 to 04:00, judged in 60 min" in told or "judged in 1 h" in told


@pytest.mark.parametrize("rule", ["volume", "model_quality"])
def test_a_finding_of_any_rule_is_told_in_its_own_words(rule: str) -> None:
    one = moved(None, rule=rule, why="auc 0.81 -> 0.74; labels for 400 of 990 predictions", value=None)
    assert "whole window auc 0.81 -> 0.74; labels for 400 of 990 predictions" in words(page(findings=(one,)))


def test_charts_have_a_value_for_each_column_and_none_where_none_is_known() -> None:
    drawn = charts(page())
    assert list(drawn) == ["Furthest feature", "Evidence", "Rows"]
    assert drawn["Rows"]["values"] == [990, None, 990, None, 990, 990, 990, 990]
    assert drawn["Rows"]["more"] == [None, None, None, None, None, 12, None, None]
    assert drawn["Rows"]["texts"][3:6] == [
        "skipped: too far back to be caught up with",
        "990 rows",
        "990 rows, 12 records late",
    ]
    assert (drawn["Evidence"]["limit"], drawn["Evidence"]["values"][0]) == (1.0, 0.25)
    assert drawn["Furthest feature"]["values"] == [0.1, None, 0.1, None, None, 0.1, 2.5, 2.5]


def test_where_windows_are_not_followed_there_is_no_evidence() -> None:
    known = [seen(back, "age", figures=figures("age", policy=None)) for back in range(12, -1, -1)]
    drawn = charts(page(windows=known))
    assert list(drawn) == ["Furthest feature", "Rows"]
    assert drawn["Furthest feature"]["values"] == [0.1] * 13


def test_what_is_usual_is_told_of_quiet_windows_and_what_is_far_beyond_lies_on_the_edge() -> None:
    far = Score(feature="age", method="largest_shift", score=9.0, threshold=0.1)
    known = [seen(back, "age") for back in range(12, 0, -1)]
    known += [seen(0, "age", drifted=("age",), figures=figures("age", drifted=("age",), scores=(far,)))]
    drawn = charts(page(windows=known))["Furthest feature"]
    assert drawn["band"] == [0.1, 0.1]
    assert (drawn["values"][-1], drawn["texts"][-1], drawn["range"]) == (3.0, "90.00", [0.0, 3.0])
    assert charts(page(windows=known[-3:]))["Furthest feature"]["band"] is None


def test_quality_is_drawn_with_its_labels_where_there_is_any() -> None:
    quality = figures("age", quality={"label_coverage": 0.4, "auc": 0.81, "accuracy": 0.9})
    judged = moved("auc", rule="model_quality", status="ok")
    drawn = charts(page(windows=[seen(0, "age", figures=quality)], findings=(judged,)))
    assert list(drawn)[3:] == ["Labels", "auc"]
    assert (drawn["Labels"]["texts"], drawn["auc"]["values"]) == (["40 %"], [0.81])


def test_of_metrics_that_nobody_judged_yet_those_are_drawn_that_will_be() -> None:
    quality = figures("age", quality={"label_coverage": 0.4, "error_q05": -6.0, "mae": 3.2, "rmse": 4.0, "r2": 0.8})
    assert list(charts(page(windows=[seen(0, "age", figures=quality)], findings=())))[3:] == [
        "Labels",
        "mae",
        "rmse",
        "r2",
    ]


def test_a_metric_of_the_model_is_no_feature_that_a_link_could_lead_to() -> None:
    text = page(findings=(moved("auc", rule="model_quality", why="auc 0.81 -> 0.74"),))
    assert "auc auc 0.81 -> 0.74" in words(text)
    assert "feature?name=auc" not in text


def test_where_too_little_could_be_judged_no_feature_is_the_furthest_and_the_rows_are_told() -> None:
    known = figures("age", status="unknown", judged=1, rows=12)
    drawn = charts(page(windows=[seen(1, "age"), seen(0, "age", figures=known)]))["Furthest feature"]
    assert drawn["values"][-1] is None
    assert "1 of 7 questions could be answered with 12 rows" in standing.answered(known)


def test_what_happened_stands_on_the_columns_of_its_windows_and_in_a_list() -> None:
    text = page()
    assert lane(text, "Alarms") == ["", "", "", "", "", "", "at", ""]
    assert lane(text, "Incidents") == ["", "", "", "", "", "", "at", "on"]
    assert lane(text, "Mutes") == ["", "", "", "", "", "", "at", ""]
    assert lane(text, "Baseline") == ["", "", "", "", "", "at", "", ""]
    assert "2026-01-01 22:00 Deploys and the like deploy: version 8" in words(text)


def test_other_windows_are_a_link_away() -> None:
    daemon = Memory()
    browser = client(daemon)
    assert 'href="../monitors/churn?until=' in browser.get(AT).text
    text = browser.get(f"{AT}?until=2026-01-02T01:00:00Z").text
    assert daemon.past.asked[-1] == ("history", "churn", END.replace(hour=1))
    assert "Later windows" in text
    assert "Newest windows" in text
    assert browser.get(f"{AT}?until=yesterday").status_code == 400


def test_without_history_the_page_says_what_comes() -> None:
    answer = client().get("/monitors/upsell")
    assert answer.status_code == 200
    assert "No window was planned yet" in answer.text


def test_of_many_features_the_first_are_shown_and_counted() -> None:
    names = tuple(f"f{i}" for i in range(80))
    text = page(windows=windows(*names), findings=())
    assert "60 of 80 features" in text
    assert text.count("feature?name=f") == 60


def test_a_monitor_that_is_not_there_is_told_in_a_page() -> None:
    answer = client().get("/monitors/nobody")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "monitor &#39;nobody&#39;: there is none of this name" in answer.text


def test_the_page_is_for_those_who_may_read() -> None:
    browser = client(listen="0.0.0.0:1", tokens=TOKENS)
    assert browser.get(AT).status_code == 401
    assert browser.get(AT, auth=("me", "r-secret")).status_code == 200


def test_columns_are_named_by_day_month_or_year() -> None:
    hours = columns([seen(back, "a") for back in range(47, -1, -1)])
    assert groups(hours) == [
        Group(text="Wed 31 Dec", span=21),
        Group(text="Thu 1 Jan", span=24),
        Group(text="Fri 2", span=3),
    ]
    days = columns([seen(24 * back, "a") for back in range(40, -1, -1)])
    assert [group.text for group in groups(days)] == ["Nov 2025", "Dec 2025", "Jan 2026"]
