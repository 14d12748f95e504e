"""The dashboards' queries in a real Prometheus that scrapes a real daemon, while a fault comes up and people answer."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import boards
import command
import pytest
from daemons import HOUR, Farm, fetched, serving, settled
from end_to_end.test_told import listening
from prometheus_server import Prometheus, awaited, free_address, prometheus

RULES = sorted((Path(__file__).parents[2] / "deploy" / "prometheus" / "rules").glob("*.yml"))
LENGTH = 8 * HOUR
WINDOWS, LEARNED = 8, 4
TOKEN = "ann's"
CONFIG = """\
routes: [{name: ops, webhook: "http://HOOK/", allow: [127.0.0.1], severity: info}]
defaults:
  baseline: baselines/model
  schedule: {every: 8h, anchor: ANCHOR, delay: 0s}
  alarm: {learn: {for: 1d, at_least: 4 windows}}
"""
MONITORS = """\
  churn:
    captures: captures/churn
    endpoint: {name: churn-prod, model: churn-xgb, version: "7"}
    alarms: {high: {when: mean(income) > 60, of: 1 of 1}}
    actions: [{name: fall_back, alarm: high, webhook: "http://HOOK/", allow: [127.0.0.1]}]
  quiet: {captures: captures/quiet}
  small: {captures: captures/small}
  ending: {captures: captures/ending, checks: [{rule: drift}]}
  silent: {captures: captures/silent}
"""
ROWS = {"churn": 300, "quiet": 1500, "small": 12, "ending": 300}
LAST = {"ending": -2}
NO_FAULT = "nothing fails here; tests/deploy/test_servers.py asks with counters that count"
NO_CHANGE = "one configuration, one start, one baseline, one model"
NOTHING = {
    **dict.fromkeys(
        (
            *("monitor: Model quality A", "monitor: Label coverage, by age A"),
            "monitor: Labels D",
        ),
        "no true values are configured",
    ),
    **dict.fromkeys(
        (
            *("monitor: Runs that failed, windows left out A", "monitor: Runs that failed, windows left out B"),
            *("monitor: Runs that failed, windows left out C", "daemon: Runs that failed A"),
            *("daemon: Windows left out A", "daemon: Rules that broke A", "daemon: Notifications B"),
            "daemon: Pages that failed A",
        ),
        NO_FAULT,
    ),
    **dict.fromkeys(
        (
            *("daemon: mark Restarts A", "daemon: mark Configurations A"),
            *("monitor: mark New model or baseline A", "monitor: mark Baseline remade A"),
        ),
        NO_CHANGE,
    ),
}
"""Queries without a series, and why that is right."""


@dataclass(frozen=True)
class Seen:
    """A Prometheus at the end of it all, and how each monitor stood after each window: by its report, and as shown."""

    server: Prometheus
    stood: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Monitors: one drifts at last, one does not, one has few rows, one has no captures, one has no more."""
    # Ages are counted by the clock of this machine.
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251
    hook = free_address()
    farm = _farm(tmp_path_factory.mktemp("dashboards"), now, hook)
    first = now - (WINDOWS - 1) * LENGTH
    with listening(hook) as heard, serving(farm, first) as (service, clock):
        address = service.address.removeprefix("http://").rstrip("/")
        with prometheus(address, RULES) as server:
            stood = []
            for number in range(WINDOWS):
                settled(service, clock, first + number * LENGTH)
                server.scraped(2)
                stood += _stood(server, service.address, clock())
            awaited(lambda: {"incident.opened", "action.done"} <= {event["data"]["kind"] for _, event in heard})
            _say_that_it_is_true(f"{service.address}api/v1/incidents")
            server.scraped(3)
            awaited(lambda: "DriftdFeatureDrift" in {alert["alertname"] for alert in server.alerts()})
            server.scraped(1)
            yield Seen(server, stood)


def _farm(folder: Path, now: datetime, hook: str) -> Farm:
    farm = Farm(folder)
    farm.baseline("training")
    made = command.driftd("baseline", "make", folder / "training.csv", "--out", folder / "baselines" / "model")
    assert made.code == 0, made.err
    for number in range(-WINDOWS, 0):
        for name, count in ROWS.items():
            if number >= LAST.get(name, 0):
                continue
            moved = (name, number) == ("churn", -1)
            place = farm.captures(name, now + number * LENGTH + 7 * HOUR, count=count, moved=moved)
            if moved:
                place.write_text(place.read_text() + "no JSON\n")
    (folder / "captures" / "silent").mkdir()
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    farm.write(
        CONFIG.replace("HOOK", hook).replace("ANCHOR", now.isoformat()),
        monitors=MONITORS.replace("HOOK", hook),
        web=f", tokens: [{{id: ann, sha256: {digest}, scopes: write}}]",
    )
    return farm


def _stood(server: Prometheus, address: str, now: datetime) -> list[tuple[str, str, str]]:
    """At the daemon's hour, which is not yet this machine's."""
    query = boards.now_of_every_monitor().plain().replace("time()", f"{now.timestamp()}")
    words = boards.words("overview", "State of every monitor")
    shown = {labels["monitor"]: words[value] for labels, value in server.query(query)}
    rows = json.loads(fetched(f"{address}api/v1/monitors")[1])["data"]["items"]
    return [(row["name"], row["status"].upper() or "UNKNOWN", shown.get(row["name"], "nothing")) for row in rows]


def _say_that_it_is_true(url: str) -> None:
    (row, *_) = json.loads(fetched(url, token=TOKEN)[1])["data"]["items"]
    said = fetched(f"{url}/{quote(row['id'])}/acknowledge", method="POST", body={"verdict": "true"}, token=TOKEN)
    assert said[0] == 200, said


def test_every_query_returns_series_but_for_a_few_whose_reasons_are_known(seen: Seen) -> None:
    queries = boards.queries()
    assert len(queries) > 100
    without = {query.name for query in queries if not seen.server.query(query.plain())}
    assert without == set(NOTHING)


def test_the_word_for_a_monitor_is_that_of_its_report(seen: Seen) -> None:
    assert len(seen.stood) == WINDOWS * 5
    assert [one for one in seen.stood if one[1] != one[2]] == []
    assert {shown for _, _, shown in seen.stood} >= {"OK", "UNKNOWN", "VIOLATED"}


def test_rows_of_a_table_can_be_put_together(seen: Seen) -> None:
    """Grafana joins columns by the labels that they have in common: all must have the same."""
    columns: dict[tuple[str, str], set[frozenset[str]]] = {}
    for query in boards.queries():
        if query.is_of_a_table:
            labels = {frozenset(found) for found, _ in seen.server.query(query.plain())}
            columns.setdefault((query.board, query.title), set()).update(labels)
    several = {title: found for title, found in columns.items() if title != ("overview", "Firing alerts")}
    assert len(several) == 7
    assert {title: found for title, found in several.items() if len(found) != 1} == {}


def test_what_is_unknown_has_its_reason_and_its_runbook(seen: Seen) -> None:
    found = seen.server.query(boards.queried("overview", "Unknown, and why").plain())
    told = {(labels["monitor"], labels["reason"]) for labels, _ in found}
    assert ("silent", "the last window was empty") in told
    runbooks = Path(__file__).parents[2] / "docs" / "runbooks"
    assert all((runbooks / f"{labels['runbook']}.md").exists() for labels, _ in found)
