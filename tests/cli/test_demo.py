"""`driftd demo --once` as a user runs it; the whole of it is long."""

import signal
from pathlib import Path

import command
import pytest


@pytest.mark.slow
def test_it_ends_by_itself_and_says_what_has_moved(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    ran = command.driftd("demo", "--once", "--out", tmp_path / "demo", "--listen", "127.0.0.1:0")
    for number, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), before, strict=True):
        signal.signal(number, handler)
    assert ran.code == 0
    assert 'driftd_feature_drifted{monitor="churn-green",feature="Day Mins"} 1.0' in ran.out
    assert "churn-blue" not in ran.out
    assert "demo: planted in churn-green, in the last 6 hours: Day Mins is 15 % higher" in ran.out
    assert len(list((tmp_path / "demo" / "state" / "reports" / "churn-blue").iterdir())) == 48
