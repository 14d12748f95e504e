"""The demonstration, shorter: it finds what it planted and nothing else, and ends by itself."""

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.daemon.replay import FAULTY_HOURS, Replay
from monitor.showcase import VARIANTS

ROOT = Path(__file__).parents[2]
HOURS = FAULTY_HOURS + 12
DRIFTED, COUNT = "driftd_feature_drifted", "driftd_monitor_drifted_features"


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The process' own signals are put back."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def statuses(folder: Path, monitor: str) -> list[str]:
    found = sorted((folder / "state" / "reports" / monitor).iterdir())
    return [json.loads((report / "report.json").read_text())["status"] for report in found]


def test_the_faults_are_found_where_they_were_planted_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay = Replay(tmp_path / "demo", {}, "127.0.0.1:0", hours=HOURS)
    told: list[str] = []

    def tell() -> None:
        """A window is closed in the ledger a moment before it is counted."""
        for _ in range(500):
            told.append(replay.service.metrics.exposition()[0].decode())
            if all(f'driftd_runs_total{{monitor="{name}"}} {HOURS}.0' in told[-1] for name in VARIANTS):
                return
            time.sleep(0.01)

    assert replay.run(once=True, told=tell) == 0
    metrics = told[-1]
    assert f'{DRIFTED}{{monitor="churn-green",feature="Day Mins"}} 1.0' in metrics
    quick = (ROOT / "README.md").read_text().split("## Quick start")[1]
    (pattern,), (shown,) = re.findall("grep '(.*)'", quick), re.findall("prints `([^`]*)`", quick)
    assert [line for line in metrics.splitlines() if re.search(pattern, line)] == [shown]
    assert f'{COUNT}{{monitor="churn-blue"}} 0.0' in metrics
    assert not [
        line for line in metrics.splitlines() if DRIFTED in line and "churn-blue" in line and line[-3:] != "0.0"
    ]
    assert 'driftd_runs_total{monitor="churn-green"} 18.0' in metrics, "every window is counted once"
    assert "level=error" not in capsys.readouterr().err
    assert statuses(replay.folder, "churn-blue") == ["ok"] * HOURS
    assert statuses(replay.folder, "churn-green") == ["ok"] * (HOURS - FAULTY_HOURS) + ["violated"] * FAULTY_HOURS
    newest = max((replay.folder / "state" / "reports" / "churn-green").iterdir())
    findings = json.loads((newest / "report.json").read_text())["findings"]
    assert {f["feature"] for f in findings if f["status"] == "violated"} == {"Day Mins", "CustServ Calls"}
    assert {file.name for file in newest.iterdir()} >= {"report.html", "report.md", "statistics.json"}
    again = Replay(tmp_path / "demo", {}, "127.0.0.1:0", hours=2)
    assert again.run(once=True, told=lambda: None) == 0
    assert statuses(again.folder, "churn-blue") == ["ok"] * 2


def test_an_end_in_between_is_an_end(tmp_path: Path) -> None:
    replay = Replay(tmp_path / "demo", {}, "127.0.0.1:0", hours=HOURS)
    replay.service.stopping.set()
    assert replay.run(once=False, told=lambda: pytest.fail("the past is not judged")) == 0


def test_what_goes_wrong_beside_the_daemon_is_raised_and_ends_it(tmp_path: Path) -> None:
    replay = Replay(tmp_path / "demo", {}, "127.0.0.1:0", hours=1)
    (replay.folder / "captures" / "blue" / f"{replay.start:%Y}").write_text("in the way")
    with pytest.raises(OSError, match="captures/blue"):
        replay.run(once=False, told=lambda: None)
