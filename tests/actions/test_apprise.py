"""Apprise, by its plain json:// service to a real server on loopback."""

import json
import logging
from typing import Any

import pytest
from actions.receivers import NOW, dripping, event, receiving, saying
from prometheus_server import free_address

from monitor.actions.apprise import LIMITS, Apprise
from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.child.limits import Limits
from monitor.child.parent import Child

BRISK = Limits(memory_bytes=LIMITS.memory_bytes, seconds=2, answer_bytes=LIMITS.answer_bytes)


def sent(address: str, limits: Limits = LIMITS, **changes: Any) -> Outcome:
    return Apprise(url=Secret(address), limits=limits).send(event(**changes), NOW)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({}, "failure"), ({"severity": "warning"}, "warning"), ({"status": "resolved"}, "success")],
)
def test_a_service_is_told(changes: dict[str, Any], kind: str) -> None:
    with receiving() as server:
        found = sent(f"json://ann:s3cr3t@127.0.0.1:{server.port}/a", **changes)
        assert found == Outcome(kind="delivered")
        (got,) = server.got
        body = json.loads(got.body)
        assert (body["title"], body["type"]) == (f"[{changes.get('status', changes.get('severity', 'page'))}] churn: "
            "age has moved by 0.52 standard deviations", kind)  # fmt: skip
        assert "feature age, value 0.52, threshold 0.1" in body["message"]
        assert body["attachments"] == []


def test_a_service_that_does_not_take_it_is_tried_again() -> None:
    with receiving(500) as server:
        assert sent(f"json://ann:s3cr3t@127.0.0.1:{server.port}/") == Outcome(kind="again", why="json://***: not taken")
    assert sent(f"json://{free_address()}/").kind == "again"


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving((307, {"Location": elsewhere.url.text}, b"")) as server:
        assert sent(f"json://127.0.0.1:{server.port}/").kind == "again"
        assert elsewhere.got == []


def test_a_service_that_drips_or_never_ends_is_cut_off() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"
    with saying(dripping(endless, b".")) as port:
        assert sent(f"json://127.0.0.1:{port}/", BRISK) == Outcome(kind="again", why="json://***: timeout")


@pytest.mark.parametrize("url", ["nosuch://s3cr3t", "slack://s3cr3t", "json://", "://s3cr3t"])
def test_what_apprise_does_not_read_is_refused_without_being_shown(url: str) -> None:
    found = sent(url)
    assert found.kind == "refused"
    assert "is no URL that apprise reads" in found.why
    assert "s3cr3t" not in found.why


@pytest.mark.parametrize("url", ["", "s3cr3t", "json://a\r\ns3cr3t"])
def test_what_is_no_url_at_all_is_told_where_it_is_made(url: str) -> None:
    with pytest.raises(ValueError, match="would be right") as caught:
        Apprise(url=Secret(url))
    assert "s3cr3t" not in str(caught.value)


def test_the_url_is_a_secret(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving(500) as server:
        url = f"json://ann:s3cr3t@127.0.0.1:{server.port}/t0ken?+X-Key=k3y"
        receiver = Apprise(url=Secret(url))
        found = receiver.send(event(), NOW)
        assert server.got[0].headers["x-key"] == "k3y"
    shown = f"{found} {receiver!r} {caplog.text} {capfd.readouterr()}"
    assert not [word for word in ("s3cr3t", "t0ken", "k3y") if word in shown]


def test_an_answer_without_end_costs_no_more_memory_than_is_allowed() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"
    small = Limits(memory_bytes=128 << 20, seconds=60, answer_bytes=1 << 10)
    with saying(dripping(endless, b"x" * (1 << 20), 0)) as port:
        found = sent(f"json://127.0.0.1:{port}/", small)
        assert (found.kind, found.why in ("json://***: not taken", "json://***: memory")) == ("again", True)


def test_a_failure_inside_is_told_by_its_kind_only() -> None:
    task = {"url": "json://127.0.0.1:1/s3cr3t", "title": "y", "kind": "info"}
    with Child("monitor.actions.apprise:told", LIMITS) as child:
        assert child.call(task)[0] == {"said": "KeyError"}
