"""Where events go, and the mistakes that can be made there."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes

from monitor.config.show import show

HOOK = "{name: ops, webhook: 'https://hooks.example.com/x'}"


def routes(folder: Path, text: str, monitor: str = ""):
    return loaded(folder, f"routes: [{text}]\nmonitors: {{m: {{{CHURN}{monitor}}}}}\n")


def told(folder: Path, text: str, monitor: str = "") -> list[str]:
    return mistakes(folder, f"routes: [{text}]\nmonitors: {{m: {{{CHURN}{monitor}}}}}\n")


def test_a_route_is_a_name_and_a_receiver(tmp_path: Path) -> None:
    (route,) = routes(tmp_path, HOOK).routes
    assert (route.name, route.kind, route.severity, route.monitors, route.resolved) == (
        "ops",
        "webhook",
        "warning",
        ("*",),
        True,
    )
    assert route.events == ("incident.*", "action.*")


def test_a_secret_lies_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    text = (
        "{name: mail, email: {host: smtp.example.com, from: a@b.example, to: c@d.example, user: u, password_file: p}}"
    )
    (route,) = routes(tmp_path, text).routes
    assert route.email is not None
    assert (route.email.sender, route.email.to, route.email.password_file) == (
        "a@b.example",
        ("c@d.example",),
        tmp_path / "p",
    )
    assert route.kind == "email"


MAIL = "{name: mail, email: {host: h, from: a@b.example, to: c@d.example}"


@pytest.mark.parametrize(
    ("text", "group", "digest", "repeat"),
    [
        (HOOK, 0, "never", None),
        ("{name: ops, alertmanager: ['http://a']}", 0, "never", None),
        (f"{MAIL}}}", 30, "daily", None),
        ("{name: chat, apprise_file: x}", 30, "daily", None),
        ("{name: pager, apprise_file: x, severity: page}", 30, "never", None),
        (f"{MAIL}, group: 0s, digest: weekly, repeat: 4h}}", 0, "weekly", 4),
        (f"{HOOK[:-1]}, group: 5m, digest: daily}}", 300, "daily", None),
    ],
)
def test_people_are_told_together_and_of_quiet_things_daily_unless_it_is_said_otherwise(
    tmp_path: Path, text: str, group: int, digest: str, repeat: int | None
) -> None:
    config = routes(tmp_path, text)
    (route,) = config.routes
    assert (route.group, route.digest) == (timedelta(seconds=group), digest)
    assert route.repeat == (None if repeat is None else timedelta(hours=repeat))
    assert f"digest: {digest}" in show(config)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{name: ops}", "has no receiver; one of webhook: https://..."),
        ("{name: ops, webhook: 'https://a/', apprise_file: x}", "has webhook and apprise_file; one of"),
        ("{name: ops, webhook: 'ftp://a/'}", "is not an address; https://HOST/PATH would be right"),
        ("{name: 'o p s', webhook: 'https://a/'}", "is not a name; letters, digits, - and _ would be right"),
        ("{name: ops, webhook: 'https://a/', allow: [10.0.0.0/99]}", "has '10.0.0.0/99'; a network such as 10.0.0.0/8"),
        ("{name: ops, alertmanager: ['http://a'], secret_file: x}", "has a secret_file, by which webhooks are signed"),
        ("{name: ops, apprise_file: x, token_file: y}", "has a token_file, which goes with webhook or alertmanager"),
        (f"{HOOK[:-1]}, group: 2h}}", "has a group of more than an hour; 30s would be right"),
        (f"{HOOK[:-1]}, repeat: 5s}}", "is more often than once a minute; 1m or more would be right"),
        (f"{HOOK[:-1]}, digest: hourly}}", "'hourly' is not known here; daily, weekly or never would be right"),
        ("{name: ops, alertmanager: ['http://a'], digest: daily}", "has a group, digest or repeat; an Alertmanager"),
        ("{name: ops, alertmanager: ['http://a'], group: 30s}", "so none would be right"),
        (f"{HOOK}, {HOOK}", "has two routes named 'ops'; names of their own would be right"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    (line,) = told(tmp_path, text)
    assert line.startswith("driftd.yaml:1: routes")
    assert words in line


def test_a_monitor_tells_routes_that_there_are(tmp_path: Path) -> None:
    assert routes(tmp_path, HOOK, ", notify: [ops]").monitors["m"].notify == ("ops",)
    (line,) = told(tmp_path, HOOK, ", notify: [opps]")
    assert "monitor 'm': route 'opps': unknown; did you mean 'ops'?" in line
