"""A configuration, loaded whole."""

from pathlib import Path

import pytest
from daemon.parts import HOUR, NINE, configuration

from monitor import configured
from monitor.config.show import show
from monitor.daemon.watched import loaded, needs_restart
from monitor.errors import ConfigError, RuleError

RULE = '''
from monitor import *

@rule
def mine(now: Feature, base: Feature) -> Finding:
    """The user's."""
    return at_most(0, 1)
'''


def test_monitors_are_held_as_the_daemon_and_its_workers_need_them(tmp_path: Path) -> None:
    found = configuration(tmp_path, "}, limits: {memory: 2MiB, time: 3s", names=("b", "a"))
    assert list(found.monitors) == ["b", "a"]
    one = found.monitors["a"]
    assert (one.limits.memory_bytes, one.limits.seconds) == (2 << 20, 3.0)
    assert one.schedule.interval(NINE) == HOUR
    assert (found.folder, found.reports) == (tmp_path, tmp_path / "state" / "reports")
    assert one.users == ()
    assert one.document["baseline"].endswith("base")


def test_events_link_to_their_incident_where_somebody_said_where_driftd_answers(tmp_path: Path) -> None:
    one = configuration(tmp_path, top="web: {external_url: 'https://d.example.com/driftd/'}").monitors["m"]
    assert one.link("m-1:ä/b") == "https://d.example.com/driftd/incidents/m-1%3A%C3%A4%2Fb"
    assert configuration(tmp_path).monitors["m"].link("m-1") == ""


def test_the_users_rules_are_known_as_theirs(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.py").write_text(RULE)
    found = configuration(tmp_path, "}, checks: [driftd, {rule: mine}], labels: {a: b", top="rules: [rules]")
    assert found.monitors["m"].users == ("mine",)
    assert "mine" in found.monitors["m"].rules


def test_captures_and_baselines_may_be_away_but_rules_may_not(tmp_path: Path) -> None:
    assert configuration(tmp_path).monitors
    with pytest.raises((ConfigError, RuleError), match="rules"):
        configuration(tmp_path, top="rules: [rules]")


def test_no_secret_is_in_the_text_of_the_configuration(tmp_path: Path) -> None:
    path = configuration(tmp_path).path
    path.write_text(f"store: 'postgresql://me:${{SECRET}}@db/driftd'\n{path.read_text()}")
    found = loaded(path, {"SECRET": "hush-hush"})
    assert found.config.store.url == "postgresql+psycopg://me:hush-hush@db/driftd"
    assert "hush-hush" not in found.text
    assert "hush-hush" not in str(found.monitors["m"].document)
    assert found.text == show(found.config)
    assert found.digest == configured.digest(found.config)


@pytest.mark.parametrize("changed", ["state: elsewhere", "store: postgresql://db/driftd", "workers: 7"])
def test_what_is_fixed_at_the_start_needs_a_restart(tmp_path: Path, changed: str) -> None:
    before = configuration(tmp_path).config
    needs_restart(before, configuration(tmp_path, top="log: debug").config)
    name = changed.partition(":")[0]
    with pytest.raises(ConfigError, match=f"^{name}: cannot change while driftd runs; restart it$"):
        needs_restart(before, configuration(tmp_path, top=changed).config)
