"""The API: the envelope, pages of rows, what is not there, and what came unchanged."""

from dataclasses import replace
from typing import Any

import pytest
from metrics.views import view
from web.memory import Memory, client

API = "/api/v1"


def data(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "success"
    return answer.json()["data"]


def test_a_monitor_is_told_in_a_line_and_in_full() -> None:
    browser = client()
    rows = data(browser.get(f"{API}/monitors"))["items"]
    assert [(row["name"], row["status"], row["drifted"], row["features"]) for row in rows] == [
        ("churn", "violated", 1, 2), ("upsell", "", None, None),
    ]  # fmt: skip
    full = data(browser.get(f"{API}/monitors/churn"))
    assert full["status"] == "violated"
    assert full["monitor"]["window_end"] == "2026-01-02T03:00:00Z"
    assert full["monitor"]["figures"]["drift"] == {"age": True, "zip": False}
    assert [one["due"] for one in full["upcoming"]] == [f"2026-01-02T0{hour}:10:00Z" for hour in (4, 5, 6)]


@pytest.mark.parametrize("path", ["monitors", "runs", "violations", "monitors/churn/windows", "monitors/churn/runs"])
def test_pages_one_after_the_other_are_everything_once(path: str) -> None:
    browser = client()
    whole = data(browser.get(f"{API}/{path}?limit=500"))
    assert (len(whole["items"]) > 0, whole["cursor"]) == (True, "")
    found, cursor = [], ""
    for _ in range(20):
        page = data(browser.get(f"{API}/{path}", params={"limit": 1, "cursor": cursor}))
        found += page["items"]
        cursor = page["cursor"]
        if not cursor:
            break
    assert found == whole["items"]


@pytest.mark.parametrize("limit", ["0", "501", "-1", "x", "", "1e3", "9" * 5000, "²"])
def test_a_page_has_a_size_within_reason(limit: str) -> None:
    answer = client().get(f"{API}/runs", params={"limit": limit})
    assert (answer.status_code, answer.json()["errorType"]) == (400, "bad_data")
    assert "1 to 500 would be right" in answer.json()["error"]


def test_rows_of_one_monitor_are_only_its_own() -> None:
    browser = client()
    for path in ("runs?monitor=upsell", "violations?monitor=upsell", "monitors/upsell/runs"):
        assert {row["monitor"] for row in data(browser.get(f"{API}/{path}"))["items"]} == {"upsell"}
    assert browser.get(f"{API}/runs?monitor=nobody").status_code == 404


def test_windows_have_sagemakers_word_beside_ours() -> None:
    row = data(client().get(f"{API}/monitors/churn/windows"))["items"][0]
    assert (row["state"], row["sagemaker_status"]) == ("done", "CompletedWithViolations")


def test_how_the_policy_stands_is_told_with_what_people_said_of_it() -> None:
    found = data(client().get(f"{API}/monitors/churn/policy"))
    assert (found["phase"], found["seen"], found["needed"], found["evidence"]) == ("armed", 336, 336, None)
    assert [(one["feature"], one["since"]) for one in found["open"]] == [("age", "2026-01-02T03:00:00Z")]
    assert (found["bands"][0]["most"], found["groups"], found["marks"]) == (0.55, [["age", "zip"]], [])


def test_what_json_has_no_word_for_is_null() -> None:
    row = data(client().get(f"{API}/violations"))["items"][0]
    assert (row["value"], row["feature"]) == (None, '</script>"age"')


def test_status_tells_configuration_build_state_and_flags() -> None:
    browser = client()
    assert data(browser.get(f"{API}/status/config"))["yaml"].endswith("token: (hidden)\n")
    assert data(browser.get(f"{API}/status/buildinfo"))["version"]
    assert data(browser.get(f"{API}/status/runtimeinfo"))["started"] == "2026-01-02T03:10:00Z"
    assert data(browser.get(f"{API}/status/flags")) == {"config": "driftd.yaml"}
    assert {row["version"] for row in data(browser.get(f"{API}/baselines"))["items"]} == {"3"}


@pytest.mark.parametrize(
    ("method", "path", "code", "kind"),
    [
        ("GET", f"{API}/monitors/nobody", 404, "not_found"),
        ("GET", f"{API}/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", f"{API}/monitors/churn", 405, "bad_method"),
        ("TRACE", f"{API}/monitors", 405, "bad_method"),
        ("BREW", "/metrics", 405, "bad_method"),
    ],
)
def test_what_is_not_there_is_an_error_in_the_envelope(method: str, path: str, code: int, kind: str) -> None:
    answer = client().request(method, path)
    assert (answer.status_code, answer.json()["status"], answer.json()["errorType"]) == (code, "error", kind)


def test_what_came_unchanged_is_not_sent_again() -> None:
    daemon = Memory()
    browser = client(daemon)
    first = browser.get(f"{API}/monitors")
    tag = first.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = browser.get(f"{API}/monitors", headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    daemon.views = (replace(view(), pending=5),)
    changed = browser.get(f"{API}/monitors", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


def test_head_tells_what_get_would_without_its_body() -> None:
    browser = client()
    got, head = browser.get(f"{API}/monitors"), browser.head(f"{API}/monitors")
    assert (head.status_code, head.content) == (200, b"")
    assert (head.headers["etag"], head.headers["content-length"]) == (
        got.headers["etag"],
        got.headers["content-length"],
    )


def test_every_page_stands_under_the_prefix_and_nowhere_else() -> None:
    browser = client(prefix="/driftd/")
    for path in ("/", "/metrics", "/-/ready", f"{API}/monitors", f"{API}/openapi.json"):
        assert browser.get(f"/driftd{path}").status_code == 200
        assert browser.get(path).status_code == 404
    assert browser.get("/driftd").headers["location"] == "/driftd/"
    assert browser.get("/driftd/metrics/").status_code == 404
    assert browser.get(f"/driftd{API}/openapi.json").json()["servers"] == [{"url": "/driftd"}]


def test_what_the_daemon_cannot_do_is_told_as_it_says() -> None:
    answer = client().get(f"{API}/runs?cursor=nonsense")
    assert (answer.status_code, answer.json()["errorType"]) == (422, "execution")
    assert answer.json()["error"] == "cursor 'nonsense': the one of the page before would be right"
