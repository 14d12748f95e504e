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
    assert "demo: planted in churn-green, in the last 3 days: Day Mins is 15 % higher" in ran.out
    assert "demo: found in churn-green: values of CustServ Calls no longer come (pipeline)" in ran.out
    assert "demo: found in delivery-time: the model does worse while no input is found to have moved" in ran.out
    assert "demo: found in churn-blue" not in ran.out
    assert len(list((tmp_path / "demo" / "state" / "reports" / "churn-blue").iterdir())) == 21 * 4
