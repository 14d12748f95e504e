"""`driftd store`: backups and the version."""

import sqlite3
from pathlib import Path

import command
import pytest
from daemons import HOUR, START, Farm, serving, settled

from monitor.store import queries
from monitor.store.database import Database


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.captures("m")
    made.write()
    return made


def test_a_store_is_copied_whole_while_the_daemon_runs(farm: Farm) -> None:
    copy = farm.folder / "copy" / "driftd.db"
    copy.parent.mkdir()
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        ran = command.driftd("store", "backup", "--config", farm.config, "--to", copy)
    assert (ran.code, ran.out) == (0, f"{copy}: {copy.stat().st_size} bytes\n")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    database = Database.open("sqlite", copy.parent, read_only=True)
    with database.read() as reading:
        assert [row.state for row in queries.windows(reading, "m")] == ["done"]
    database.close()


def test_a_copy_overwrites_nothing(farm: Farm) -> None:
    with serving(farm, START + HOUR):
        pass
    there = farm.folder / "there.db"
    there.write_text("mine")
    ran = command.driftd("store", "backup", "--config", farm.config, "--to", there)
    assert (ran.code, ran.out, there.read_text()) == (2, "", "mine")
    assert str(there) in ran.err


def test_the_version_is_told_with_the_place_and_size(farm: Farm) -> None:
    with serving(farm, START + HOUR):
        pass
    ran = command.driftd("store", "version", "--config", farm.config)
    place = farm.state / "driftd.db"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{place}: version 0")
    assert ran.out.endswith(" bytes\n")


@pytest.mark.parametrize("asked", [("version",), ("backup", "--to", "copy.db")])
def test_a_store_that_is_not_there_is_not_made(farm: Farm, asked: tuple[str, ...]) -> None:
    ran = command.driftd("store", asked[0], "--config", farm.config, *asked[1:])
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"driftd: store {farm.state / 'driftd.db'}: is not there; `driftd run` makes it\n"
    assert not farm.state.exists()
