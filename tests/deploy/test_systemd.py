"""The unit is right by systemd-analyze, hardened, and stays in step with how driftd ends."""

import sys
from configparser import RawConfigParser
from pathlib import Path

from deployment import DEPLOY, ran

UNIT = DEPLOY / "systemd" / "driftd.service"


def keys() -> dict[str, str]:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(UNIT)
    return dict(parser["Service"])


def test_the_unit_is_right(tmp_path: Path) -> None:
    program = keys()["ExecStart"].split()[0]
    here = tmp_path / "driftd.service"
    here.write_text(UNIT.read_text().replace(program, sys.executable))
    assert ran("systemd-analyze", "verify", here).strip() == ""
    here.write_text(here.read_text().replace("Type=notify", "Type=notified"))
    assert "notified" in ran("systemd-analyze", "verify", here)


def test_the_unit_is_hardened() -> None:
    assert "OK" in ran("systemd-analyze", "security", "--offline=true", "--threshold=25", UNIT)


def test_the_unit_knows_how_driftd_starts_reloads_and_ends() -> None:
    unit = keys()
    assert unit["ExecStart"] == "/opt/driftd/bin/driftd run --config /etc/driftd/driftd.yaml"
    assert (unit["Type"], unit["NotifyAccess"], unit["WatchdogSec"]) == ("notify", "main", "60")
    assert (unit["ExecReload"], unit["KillMode"]) == ("/bin/kill -HUP $MAINPID", "mixed")
    assert int(unit["TimeoutStopSec"]) >= 90 + 30  # the grace time, and what killing takes
    # A configuration that is wrong stays wrong; a store that another instance holds comes free.
    assert (unit["Restart"], unit["RestartPreventExitStatus"]) == ("on-failure", "2")


def test_the_start_time_of_the_process_can_be_reckoned() -> None:
    assert "ProcSubset" not in keys()
