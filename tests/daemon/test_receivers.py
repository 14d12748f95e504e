"""Which routes an event goes by, and receivers made of routes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from config.files import CHURN, loaded

from monitor.actions.alertmanager import Alertmanager
from monitor.actions.email import Email
from monitor.actions.webhook import Webhook
from monitor.config.grammar import Config
from monitor.daemon.receivers import going_to, receivers
from monitor.errors import ConfigError
from monitor.event import Event

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENT = Event(
    id="1",
    kind="incident.opened",
    time=NOW,
    monitor="churn",
    severity="warning",
    summary="s",
    status="firing",
    since=NOW,
)


def routes(folder: Path, text: str) -> Config:
    return loaded(folder, f"routes: [{text}]\nmonitors: {{churn: {{{CHURN}}}}}\n")


def test_a_receiver_is_made_of_each_route_with_its_secrets(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    (tmp_path / "mail").write_text("hunter2\n")
    text = (
        "{name: a, webhook: 'https://h.example.com/', secret_file: hook}, {name: b, alertmanager: ['http://a:9093']},"
        "{name: c, email: {host: h, from: a@b.example, to: c@d.example, user: u, password_file: mail}}"
    )
    found = receivers(routes(tmp_path, text))
    assert [type(found[name]) for name in "abc"] == [Webhook, Alertmanager, Email]
    assert "hunter2" not in repr(found)
    assert "MfKQ" not in repr(found)


def test_every_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    text = "{name: a, webhook: 'https://h.example.com/', secret_file: gone}, {name: b, apprise_file: away}"
    with pytest.raises(ConfigError) as caught:
        receivers(routes(tmp_path, text))
    assert [line.split(":")[1].strip() for line in str(caught.value).splitlines()] == ["a", "b"]


@pytest.mark.parametrize(
    ("more", "event", "goes"),
    [
        ("", EVENT, True),
        ("", replace(EVENT, severity="info"), False),
        (", severity: info", replace(EVENT, severity="info"), True),
        (", severity: page", EVENT, False),
        (", monitors: ['fraud-*']", EVENT, False),
        (", monitors: ['ch*']", EVENT, True),
        ("", replace(EVENT, kind="policy.armed"), False),
        (", events: ['*']", replace(EVENT, kind="policy.armed"), True),
        ("", replace(EVENT, status="resolved"), True),
        (", resolved: false", replace(EVENT, status="resolved"), False),
    ],
)
def test_an_event_goes_by_the_routes_that_ask_for_it(tmp_path: Path, more: str, event: Event, goes: bool) -> None:
    config = routes(tmp_path, f"{{name: a, webhook: 'https://h.example.com/'{more}}}")
    assert going_to(event, config.routes, {"churn": None}) == (["a"] if goes else [])
    assert going_to(event, config.routes, {"churn": ("b",)}) == []
