"""What one instance does at a time."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import loaded
from daemons import HOUR, START, Farm, serving, settled

from monitor.daemon.leading import owner, store_url
from monitor.errors import ConfigError

ONE = "monitors: {m: {captures: c, baseline: b}}"
POSTGRES = "postgresql://me@db/driftd"


def test_the_address_of_the_store_is_as_it_is_written(tmp_path: Path) -> None:
    assert store_url(loaded(tmp_path, ONE)) == "sqlite"
    assert store_url(loaded(tmp_path, f"store: {POSTGRES}\n{ONE}")) == "postgresql+psycopg://me@db/driftd"


def test_a_file_holds_its_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss:w/rd#%\n")
    config = loaded(tmp_path, f"store: {{url: '{POSTGRES}?sslmode=require', password_file: password}}\n{ONE}")
    assert store_url(config) == "postgresql+psycopg://me:p%40ss%3Aw%2Frd%23%25@db/driftd?sslmode=require"


def test_a_file_that_cannot_be_read_is_named_and_its_words_are_not(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"store: {{url: '{POSTGRES}', password_file: password}}\n{ONE}")
    with pytest.raises(ConfigError, match=r"store.password_file: .*password cannot be read: .*No such file"):
        store_url(config)
    (tmp_path / "password").write_bytes(b"hush\xff")
    with pytest.raises(ConfigError, match=r"store.password_file: .* cannot be read") as told:
        store_url(config)
    assert "hush" not in str(told.value)


def test_sqlite_asks_for_no_password(tmp_path: Path) -> None:
    assert store_url(loaded(tmp_path, f"store: {{url: sqlite, password_file: none}}\n{ONE}")) == "sqlite"


def test_no_two_daemons_have_one_name() -> None:
    assert len({owner() for _ in range(100)}) == 100


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    made.captures("m")
    return made


def test_what_a_predecessor_left_is_put_in_order_at_the_start(farm: Farm, capsys: pytest.CaptureFixture[str]) -> None:
    left = farm.state / "reports" / "m" / ".unfinished-run-9"
    left.mkdir(parents=True)
    with serving(farm, START + HOUR) as (service, clock):
        assert not left.exists()
        settled(service, clock, START + HOUR)
        leading = service.state.leading
        assert leading is not None
        leading.backfill("m", START, START + HOUR, "ann")
        with service._ticking:  # the daemon's own tick would open it again
            leading.dispatcher.close()
            leading.dispatcher.wait(60)
            leading.backfill("m", START, START + HOUR, "ann")
            other = type(leading.ledger)(leading.database, "another")
            assert other.claim(["m"], HOUR, clock()) is not None
    assert "unfinished report folders were removed" in capsys.readouterr().err
    with serving(farm, START + HOUR + timedelta(minutes=1)) as (service, clock):
        settled(service, clock, START + HOUR + timedelta(minutes=1))
        found = service.site.windows("m", 5, "").items[0]
        assert (found.state, found.failures) == ("done", 0)
        assert found.revision >= 2
    assert "windows of another daemon are pending again" in capsys.readouterr().err


def test_a_stretch_takes_the_windows_that_overlap_it_and_those_that_were_never_planned(farm: Farm) -> None:
    with serving(farm, START + 2 * HOUR) as (service, clock):
        settled(service, clock, START + 2 * HOUR)
        leading = service.state.leading
        assert leading is not None
        minutes = timedelta(minutes=1)
        assert leading.backfill("m", START + 30 * minutes, START + 31 * minutes, "ann") == 1
        assert leading.backfill("m", START - 2 * HOUR, START, "ann") == 2
        assert leading.backfill("m", START + 2 * HOUR, START + 5 * HOUR, "ann") == 0, "not due yet"
        settled(service, clock, START + 2 * HOUR)
        rows = service.site.windows("m", 9, "").items
    assert [(row.start, row.revision) for row in rows][::-1] == [
        (START - 2 * HOUR, 1), (START - HOUR, 1), (START, 2), (START + HOUR, 1),
    ]  # fmt: skip


def test_a_ledger_that_is_gone_while_reports_are_there_is_told(farm: Farm, capsys: pytest.CaptureFixture[str]) -> None:
    told = "the ledger is empty, and yet there are reports"
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
    assert told not in capsys.readouterr().err
    for path in farm.state.glob("driftd.db*"):
        path.unlink()
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
    assert told in capsys.readouterr().err
