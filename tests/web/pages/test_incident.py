"""An incident's page, and what is done on it: with a token, from our own pages, told to the audit log."""

from typing import Any

import pytest
from metrics.views import NOW
from web.folk import OVER, ROW
from web.memory import TOKENS, Memory, client
from web.near import HOSTILE
from web.pages.test_layout import Elements

PATH = f"/incidents/{ROW.id}"
OURS = {"Origin": "http://127.0.0.1:9465", "Sec-Fetch-Site": "same-origin"}
BY = "token writer from 127.0.0.1"


def sent(path: str, daemon: Memory | None = None, headers: dict[str, str] | None = None, **fields: str) -> Any:
    """The answer to a form of our own page, filled in by somebody with a token."""
    browser = client(daemon, tokens=TOKENS)
    return browser.post(path, data=fields, auth=("me", "w-secret"), headers=OURS if headers is None else headers)


def test_it_says_what_since_when_what_carries_it_and_what_else_changed() -> None:
    text = client().get(PATH).text
    assert "column zip is gone" in text
    assert "the form of the data changed" in text
    assert "75 % of what moved; " in " ".join(text.split())
    assert "30 % of its rows, limit 5 %" in text
    assert "version 8" in text
    assert "baseline: churn/v1 →" in text
    assert "<img" not in text
    assert HOSTILE not in text


def test_without_rights_the_buttons_say_what_is_needed() -> None:
    off, anonymous = client().get(PATH).text, client(tokens=TOKENS).get(PATH).text
    signed_in = client(tokens=TOKENS).get(PATH, auth=("me", "w-secret")).text
    assert "none is configured" in off
    assert "needs a token of scope <code>write</code>" in anonymous
    assert "needs a token" not in signed_in
    buttons = [[attrs for tag, attrs in Elements(text).found if tag == "button"] for text in (anonymous, signed_in)]
    assert all("disabled" in one for one in buttons[0])
    assert not any("disabled" in one for one in buttons[1])


@pytest.mark.parametrize(
    ("path", "fields", "told", "back"),
    [
        (f"{PATH}/acknowledge", {"verdict": "false", "why": "a campaign"},
         ("acknowledge", ROW.id, "false", "a campaign", BY), f"incidents/{ROW.id.replace(':', '%3A')}"),
        (f"{PATH}/mute", {"for": "a day", "why": "is being mended"},
         ("mute", ROW.id, NOW.replace(day=NOW.day + 1, microsecond=0).isoformat(), "is being mended", BY),
         f"incidents/{ROW.id.replace(':', '%3A')}"),
        ("/monitors/churn/marks", {"kind": "expected", "feature": "age", "incident": ROW.id, "why": ""},
         ("mark", "churn", "expected", "age", "", BY), f"incidents/{ROW.id.replace(':', '%3A')}"),
        ("/monitors/churn/actions", {"action": "retrain", "incident": ROW.id},
         ("act", "churn", "retrain", ROW.id, "", BY), f"incidents/{ROW.id.replace(':', '%3A')}"),
        ("/monitors/churn/baselines/promote", {"version": "v2", "why": "trained anew"},
         ("promote", "churn", "v2", "trained anew", BY), "baselines?monitor=churn"),
    ],
)  # fmt: skip
def test_a_form_does_what_it_says_and_leads_back(path: str, fields: dict[str, str], told: Any, back: str) -> None:
    daemon = Memory()
    answer = sent(path, daemon, **fields)
    assert (answer.status_code, answer.headers["location"].lstrip("./")) == (303, back)
    assert told in daemon.told
    assert any(one[0] == "audit" for one in daemon.told)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, "page of another site"),
        ({}, "does not say that the form is of this page"),
    ],
)
def test_a_form_of_another_site_changes_nothing(headers: dict[str, str], told: str) -> None:
    daemon = Memory()
    answer = sent(f"{PATH}/acknowledge", daemon, headers, verdict="false")
    assert (answer.status_code, told in answer.text) == (403, True)
    assert [one for one in daemon.told if one[0] == "acknowledge"] == []


def test_a_form_without_a_token_changes_nothing() -> None:
    daemon = Memory()
    answer = client(daemon, tokens=TOKENS).post(f"{PATH}/mute", data={"for": "a day", "why": "x"}, headers=OURS)
    assert answer.status_code == 401
    reader = client(daemon, tokens=TOKENS).post(
        f"{PATH}/mute", data={"for": "a day"}, headers=OURS, auth=("", "r-secret")
    )
    assert (reader.status_code, "no scope write" in reader.text) == (403, True)
    assert {one[0] for one in daemon.told} <= {"audit"}


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        (f"{PATH}/mute", {"for": "ever", "why": "x"}, "one of an hour, eight hours, a day, a week would be right"),
        (f"{PATH}/mute", {"for": "a day"}, "the body is not what it should be"),
        (f"{PATH}/acknowledge", {"verdict": "maybe"}, "one of true, false, expected would be right"),
        ("/monitors/churn/actions", {"action": "retain"}, "did you mean"),
        ("/monitors/churn/baselines/promote", {"version": "v9"}, "there are: v1, v2"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_page(path: str, fields: dict[str, str], told: str) -> None:
    answer = sent(path, **fields)
    assert answer.status_code in (400, 422)
    assert told in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_one_that_is_over_can_be_acknowledged_and_not_muted() -> None:
    text = client().get(f"/incidents/{OVER.id}").text
    assert "/acknowledge" in text
    assert "/mute" not in text


def test_open_ones_are_listed_and_all_on_demand() -> None:
    few, every = client().get("/incidents").text, client().get("/incidents?state=all").text
    assert ROW.why in few
    assert "running" in few
    assert OVER.id.replace(":", "%3A") not in few
    assert OVER.id.replace(":", "%3A") in every


def test_what_there_is_not_is_told() -> None:
    answer = client().get("/incidents/none")
    assert (answer.status_code, "there is none of this id" in answer.text) == (404, True)
