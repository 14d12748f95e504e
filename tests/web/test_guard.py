"""Limits, headers, and what is told when something breaks."""

import threading
from typing import Any

import pytest
from metrics.scrapes import at, scraped
from web.memory import BROKEN, TOKENS, Memory, bearer, client

from monitor.web.guard import MOST_BODY_BYTES

API = "/api/v1"
BACKFILL = f"{API}/monitors/churn/backfill"


@pytest.mark.parametrize("path", ["/metrics", f"{API}/monitors", "/nothing", f"{API}/monitors/nobody"])
def test_browsers_are_told_to_be_careful(path: str) -> None:
    headers = client().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_what_breaks_inside_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    answer = client(_broken()).get(f"{API}/monitors")
    assert answer.status_code == 500
    assert answer.json() == {
        "status": "error", "errorType": "internal", "error": "driftd broke while it answered; its log says how",
    }  # fmt: skip
    assert BROKEN in caplog.text


def _broken() -> Memory:
    daemon = Memory()
    daemon.breaks = True
    return daemon


@pytest.mark.parametrize("is_told", [True, False])
def test_a_body_has_a_size_within_reason(is_told: bool) -> None:
    def pieces() -> Any:
        async def several() -> Any:
            for _ in range(20):
                yield b" " * (MOST_BODY_BYTES // 10)

        return several()

    headers = {**bearer("writer"), "Content-Type": "application/json"}
    body = b" " * (MOST_BODY_BYTES + 1) if is_told else pieces()
    answer = client(tokens=TOKENS).post(BACKFILL, content=body, headers=headers)
    assert (answer.status_code, answer.json()["errorType"]) == (413, "too_large")


def test_a_head_has_a_size_within_reason() -> None:
    browser = client()
    for more in ({"headers": {"X-Long": "x" * 20_000}}, {"params": {"name[]": "x" * 20_000}}):
        assert browser.get("/metrics", **more).status_code == 431


def test_an_answer_takes_a_time_within_reason() -> None:
    daemon, go_on = Memory(), threading.Event()
    daemon.healthy = lambda: str(go_on.wait(20))  # type: ignore[method-assign]
    threading.Timer(0.5, go_on.set).start()
    answer = client(daemon, seconds=0.05).get("/-/healthy")
    assert (answer.status_code, "0.05 seconds" in answer.text) == (503, True)


def test_requests_are_counted_by_route_and_never_by_what_was_asked() -> None:
    daemon = Memory()
    browser = client(daemon)
    for path in ("/metrics", f"{API}/monitors/churn", f"{API}/monitors/nobody", "/a", "/b"):
        browser.get(path)
    browser.request("BREW", "/metrics")
    found = scraped(daemon.metrics)
    name = "http_requests_total"
    expected = {
        at(name, handler="/metrics", method="GET", code="200"): 1,
        at(name, handler=f"{API}/monitors/{{monitor}}", method="GET", code="200"): 1,
        at(name, handler=f"{API}/monitors/{{monitor}}", method="GET", code="404"): 1,
        at(name, handler="none", method="GET", code="404"): 2,
        at(name, handler="none", method="OTHER", code="405"): 1,
        at("http_request_duration_seconds_count", handler="/metrics"): 1,
    }
    assert {key: found[key] for key in expected} == expected
    assert {dict(labels)["handler"] for key, labels in found if key == "driftd_http_requests_total"} == {
        "/metrics", f"{API}/monitors/{{monitor}}", "none",
    }  # fmt: skip
