"""The demonstration, shorter: it finds what it planted and nothing else; and a walk through all of its pages."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser import Browser, browser
from walking import Walk, faults, is_page, kind

from monitor.daemon.replay import Replay
from monitor.showcase.story import BLUE, DAY, DELIVERY, FAULTY, GREEN, NEW, STEP

ROOT = Path(__file__).parents[2]
DAYS = 4
STEPS, FAULTY_STEPS = DAYS * DAY // STEP, FAULTY // STEP
PHONE, DESK = 390, 1280
REPORT = "/api/v1/monitors/MONITOR/reports/WINDOW/report.html"
KINDS = {
    REPORT, "/", "/?state", "/audit", "/baselines", "/baselines?monitor", "/config", "/incidents", "/incidents?state",
    "/incidents/INCIDENT", "/monitors/MONITOR", "/monitors/MONITOR/feature?name",
    "/monitors/MONITOR/feature?name&until", "/monitors/MONITOR/windows/WINDOW", "/status",
}  # fmt: skip


@dataclass(frozen=True)
class Played:
    """A demonstration whose past is judged, and what /metrics said then."""

    replay: Replay
    metrics: str

    @property
    def url(self) -> str:
        return self.replay.service.address

    def reports(self, monitor: str) -> list[Any]:
        """The reports of its windows, of each the last revision, the oldest first."""
        found = {}
        for folder in sorted((self.replay.folder / "state" / "reports" / monitor).iterdir()):
            found[folder.name.rpartition("_r")[0]] = json.loads((folder / "report.json").read_text())
        return [*found.values()]

    def incident(self, monitor: str) -> Any:
        """The first one."""
        return self.replay.service.site.people.incidents(monitor, True, 10, "").items[-1]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    replay = Replay(tmp_path_factory.mktemp("demo") / "demo", {}, "127.0.0.1:0", days=DAYS)
    replay.service.start()
    try:
        replay.play(lambda: False)
        yield Played(replay, replay.service.metrics.exposition()[0].decode())
    finally:
        replay.service.stop()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


def test_the_faults_are_found_where_they_were_planted_and_nowhere_else(played: Played) -> None:
    quick = (ROOT / "README.md").read_text().split("## Quick start")[1]
    (pattern,), (shown,) = re.findall("grep '(.*)'", quick), re.findall("prints `([^`]*)`", quick)
    lines = played.metrics.splitlines()
    assert [line for line in lines if re.search(pattern, line)] == [shown]
    drifted = {line for line in lines if line.startswith("driftd_feature_drifted") and line.endswith(" 1.0")}
    assert {re.findall('monitor="([^"]*)"', line)[0] for line in drifted} == {GREEN}
    assert f'driftd_runs_total{{monitor="{GREEN}"}} {STEPS}.0' in lines, "every window is counted once"
    assert {report["status"] for report in played.reports(BLUE)} == {"ok"}
    statuses = [report["status"] for report in played.reports(GREEN)]
    assert statuses == ["ok"] * (STEPS - FAULTY_STEPS) + ["violated"] * FAULTY_STEPS
    last = played.reports(GREEN)[-1]
    moved = {one["feature"] for one in last["findings"] if one["status"] == "violated"}
    assert {"Day Mins", "CustServ Calls"} <= moved <= {"Day Mins", "CustServ Calls", "score"}


def test_the_daemon_is_well_when_the_past_is_over(played: Played) -> None:
    assert (played.replay.service.site.healthy(), played.replay.service.site.ready()) == ("", "")


def test_what_was_planted_is_one_incident_whose_cause_and_deploy_are_named(played: Played) -> None:
    row = played.incident(GREEN)
    assert (row.cause, row.why) == ("pipeline", "values of CustServ Calls no longer come")
    full = played.replay.service.site.people.incident(row.id)
    assert full is not None
    assert [one.kind for one in full.occasions] == ["deploy"]
    assert full.occasions[0].start - row.since < timedelta(minutes=5)


def test_a_few_rows_are_unknown_and_say_how_many_would_do(played: Played) -> None:
    reports = played.reports(NEW)
    assert {report["status"] for report in reports} == {"unknown"}
    unsure = [one for one in reports[-1]["findings"] if one.get("reason") == "too_few_rows"]
    assert unsure
    assert all(one["rows_needed"] > reports[-1]["inputs"]["rows"] for one in unsure)


def test_labels_come_late_and_windows_are_judged_again_until_an_incident_is_answered(played: Played) -> None:
    reports = played.reports(DELIVERY)
    coverage = [report["quality"]["coverage"] for report in reports]
    assert coverage == sorted(coverage, reverse=True)
    assert (coverage[0] > 0.8, coverage[-1] < 0.3) == (True, True)
    names = [folder.name for folder in (played.replay.folder / "state" / "reports" / DELIVERY).iterdir()]
    assert max(int(name.rpartition("_r")[2]) for name in names) > 1
    row = played.incident(DELIVERY)
    assert row.cause == "concept"
    full = played.replay.service.site.people.incident(row.id)
    assert full is not None
    assert full.mute is not None


def test_live_labels_are_those_that_have_become_known_since(played: Played) -> None:
    replay = played.replay
    before = {path.name for path in (replay.folder / "captures").rglob("*")}
    replay.go_on(lambda _: True)
    assert {path.name for path in (replay.folder / "captures").rglob("*")} >= before
    newest = max((replay.folder / "labels").rglob("*.jsonl"), key=lambda path: path.parts)
    assert newest.read_text().count("groundTruthData") > 100


def test_every_page_opens_on_a_desk_and_a_phone_and_every_link_leads_somewhere(
    played: Played, chromium: Browser
) -> None:
    walk = Walk(played.url)
    wrong: list[Any] = []
    for address in walk.pages(chromium):
        wrong += [(address, one) for one in (*chromium.complaints, *faults(chromium))]
        chromium.open(address, width=PHONE, dark=True)
        wrong += [(address, "on a phone, dark", one) for one in (*chromium.complaints, *faults(chromium))]
        if not chromium.value("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append((address, "wider than a phone"))
    assert wrong == []
    assert set(walk.opened) >= KINDS
    assert [(link, page) for link, page in walk.links.items() if is_page(link) and kind(link) not in walk.opened] == []
    signing = f"{played.url}sign-in"  # asks for a name
    assert [(link, page) for link, page in walk.links.items() if code(link) != 200 and link != signing] == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("monitor", [GREEN, NEW, DELIVERY])
def test_a_report_on_disk_has_no_fault_of_accessibility(
    played: Played, chromium: Browser, monitor: str, dark: bool
) -> None:
    folder = played.replay.folder / "state" / "reports" / monitor
    chromium.show(max(folder.iterdir()) / "report.html", width=PHONE if dark else DESK, dark=dark)
    assert faults(chromium) == []
    assert chromium.complaints == []


def test_a_fault_of_accessibility_would_be_seen(played: Played, chromium: Browser) -> None:
    chromium.open(f"{played.url}monitors/{quote(GREEN)}")
    chromium.value("document.querySelector('h1').style.color = '#eee', document.querySelector('main').append("
                   "document.createElement('button'))")  # fmt: skip
    assert {fault[0] for fault in faults(chromium)} == {"color-contrast", "button-name"}


def code(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            found: int = answer.status
            return found
    except urllib.error.HTTPError as error:
        return error.code
