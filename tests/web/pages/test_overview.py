"""The first page: every monitor in a row, chosen and put in order by what is asked for."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from metrics.views import NOW, figures, view
from web.folk import ROW
from web.memory import TOKENS, Memory, client
from web.past import Remembered

HOUR = timedelta(hours=1)
MANY = (
    view("calm", ("a", "b"), figures=figures("a", "b"), labels={"team": "growth"}),
    view("churn", ("age", "zip"), model="churn-xgb"),
    view("broken", trouble="timeout: 15 minutes", figures=None),
    view("fresh", figures=None, window_start=None, window_end=None, last_success=None, next_run=None),
    view("stale", ("a",), figures=figures("a"), last_success=NOW - 3 * HOUR),
    view("blind", ("a",), figures=figures("a", status="unknown", judged=1, policy=None)),
    view("off", figures=None, enabled=False),
)


def page(query: str = "", daemon: Memory | None = None, **options: object) -> str:
    answer = client(daemon or Memory(views=MANY), **options).get(f"/{query}")
    assert answer.status_code == 200
    return answer.text


def order(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="./monitors/(\w+)"', text)


def row(text: str, name: str) -> str:
    """The row of a monitor, its tags taken away."""
    (found,) = [part for part in text.split("<tr>") if f'href="./monitors/{name}"' in part]
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def test_what_needs_a_look_comes_first() -> None:
    assert order(page()) == ["churn", "broken", "blind", "fresh", "stale", "calm", "off"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?sort=name", ["blind", "broken", "calm", "churn", "fresh", "off", "stale"]),
        ("?sort=drifted", ["churn", "blind", "broken", "calm", "fresh", "off", "stale"]),
        ("?sort=nonsense&state=nonsense", ["churn", "broken", "blind", "fresh", "stale", "calm", "off"]),
        ("?state=violated", ["churn"]),
        ("?state=late", ["stale"]),
        ("?state=look&sort=name", ["broken", "churn", "stale"]),
        ("?state=incident", ["churn"]),
        ("?state=paused", ["off"]),
        ("?text=GROWTH%20cal", ["calm"]),
        ("?text=xgb", ["churn"]),
        ("?text=none", []),
    ],
)
def test_rows_are_chosen_and_put_in_order_as_asked(query: str, names: list[str]) -> None:
    assert order(page(query)) == names


def test_a_row_says_in_words_how_its_monitor_stands() -> None:
    text = page()
    assert row(text, "churn").startswith("VIOLATED churn churn-xgb 7 10 min ago age has moved: rows above 40 are 60 %")
    assert "1 of 2" in row(text, "churn")
    assert "in 60 min" in row(text, "churn") or "in 1 h" in row(text, "churn")
    assert "column zip is gone page, since 10 min ago" in row(text, "churn")
    assert row(text, "broken").startswith("NO VERDICT broken")
    assert "the last run ended without a verdict: timeout: 15 minutes" in row(text, "broken")
    assert row(text, "fresh").startswith("NO WINDOW YET fresh churn 7 – nothing was judged yet")
    assert row(text, "stale").startswith("OK late stale")
    calm = row(page(daemon=Memory(views=MANY, past=Remembered(findings=()))), "calm")
    assert "learning what is usual: 12 of 336 windows" in calm
    armed = Memory(views=(view("calm", figures=figures("a", policy=None)),), past=Remembered(findings=()))
    assert "10 min ago nothing is violated; 5 of 7 questions could be answered" in row(page(daemon=armed), "calm")
    assert row(text, "off").startswith("PAUSED off")


def test_an_incident_that_the_last_window_says_nothing_of_is_told_beside_its_ok() -> None:
    views = (view("blind", figures=figures("a", status="unknown")), view(figures=figures("a", policy=None)))
    daemon = Memory(views=views, past=Remembered(findings=()))
    daemon.people.row = replace(ROW, severity="ticket", since=NOW - 72 * HOUR, why="answers are wrong more often")
    text = page(daemon=daemon)
    assert row(text, "churn").startswith("OK incident churn")
    told = "incident since 3 days ago: answers are wrong more often. Last window: nothing is violated; 5 of 7 questions"
    assert told in row(text, "churn")
    assert order(text) == ["churn", "blind"], "it needs a look before what is merely unknown"
    hidden = row(page(daemon=daemon, listen="0.0.0.0:1", tokens=TOKENS), "churn")
    assert hidden.startswith("OK churn")
    assert "wrong" not in hidden


def test_a_paused_monitor_whose_incident_is_open_says_so() -> None:
    daemon = Memory(views=(view(figures=None, enabled=False),), past=Remembered(windows=(), findings=()))
    assert "incident since 10 min ago: column zip is gone – " in row(page(daemon=daemon), "churn")


def test_unknown_never_looks_like_ok() -> None:
    text = page(daemon=Memory(views=MANY, past=Remembered(findings=())))
    assert row(text, "blind").startswith("UNKNOWN blind")
    assert "1 of 7 questions could be answered" in row(text, "blind")
    assert '<span class="sign unknown"></span>' in text
    assert (
        'aria-label="last 7 windows, oldest first: 3 ok, 1 unknown, 2 violated (at most 1 finding), 1 without' in text
    )


def test_without_any_history_a_monitor_has_a_row_all_the_same() -> None:
    text = page(daemon=Memory(past=Remembered(windows=())))
    assert order(text) == ["churn", "upsell"]
    assert "<svg" not in text


def test_without_any_monitor_the_page_says_how_to_begin() -> None:
    assert "driftd init" in page(daemon=Memory(views=()))


def test_who_may_not_read_sees_no_finding_and_is_led_to_where_to_sign_in() -> None:
    daemon = Memory(views=MANY)
    text = page(daemon=daemon, listen="0.0.0.0:1", tokens=TOKENS)
    assert order(text)[0] == "broken"
    assert "VIOLATED" in row(text, "churn")
    assert "rows above 40" not in text
    assert "column zip" not in text
    assert "Sign in</a> to see what was found" in text
    assert daemon.past.asked == []


def test_many_monitors_come_a_page_at_a_time() -> None:
    daemon = Memory(views=tuple(view(f"m{i:03}", ("a",), figures=figures("a")) for i in range(450)))
    first, last = page("?sort=name", daemon), page("?sort=name&page=2", daemon)
    assert (len(order(first)), order(last)[0], len(order(last))) == (200, "m400", 50)
    assert order(page("?sort=name&page=99", daemon)) == order(last)
    assert order(page("?sort=name&page=x", daemon)) == order(first)
    assert 'href="?sort=name&amp;page=2"' in first
    assert "450 monitors" in first
