"""Transactions are whole, readers cannot write; a store that is broken, full or read-only says so and is left alone."""

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import ledgers
import pytest
import servers
from ledgers import LEASE, after, done, plan, window
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store import disks, sqlite
from monitor.store.database import Database
from monitor.store.ledger import Ledger

INSERT = text("INSERT INTO monitor (name, more_skipped) VALUES (:name, 0)")
COUNT = text("SELECT count(*) FROM monitor")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A store with history, closed."""
    database = Database.open("sqlite", tmp_path / "state")
    database.upgrade()
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 200), after(200))
    for _ in range(20):
        claim = ledger.claim(["churn"], LEASE, after(200))
        assert claim is not None
        ledger.finish(claim, done("violated", report=ledgers.VIOLATED, rows={"a": 1}), after(200))
    database.close()
    return tmp_path / "state"


def opened(state: Path) -> None:
    database = Database.open("sqlite", state)
    database.upgrade()
    database.close()


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as connection:
            connection.execute(INSERT, {"name": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.write() as connection:
        connection.execute(INSERT, {"name": "b"})
    with database.read() as connection:
        assert connection.execute(COUNT).scalar() == 1


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError, match=r"read.?only"), database.read() as connection:
        connection.execute(INSERT, {"name": "a"})


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.read() as reader:
        assert reader.execute(COUNT).scalar() == 0
        with database.write() as connection:
            connection.execute(INSERT, {"name": "a"})
        assert reader.execute(COUNT).scalar() == 0
    with database.read() as reader:
        assert reader.execute(COUNT).scalar() == 1


def test_one_writer_at_a_time_in_a_process(tmp_path: Path) -> None:
    database = Database.open("sqlite", tmp_path / "state")
    database.upgrade()
    at_once, most, lock = [0], [0], threading.Lock()

    def write(name: str) -> None:
        with database.write() as connection:
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            connection.execute(INSERT, {"name": name})
            with lock:
                at_once[0] -= 1

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(COUNT).scalar() == 20
    assert most == [1]
    with pytest.raises(RuntimeError, match="within"), database.write(), database.write():
        pass
    database.close()


def test_a_transaction_that_will_write_has_the_file_from_its_beginning(state: Path) -> None:
    database = Database.open("sqlite", state)
    other = sqlite3.connect(state / "driftd.db", timeout=0, isolation_level=None)
    with database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
    database.close()


def test_every_connection_is_set_up_for_safety(state: Path) -> None:
    database = Database.open("sqlite", state)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout", "query_only")
    with database.write() as writer, database.read() as reader:
        found = [
            [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
            for connection in (writer, reader)
        ]
    database.close()
    assert found == [["wal", 2, 1, 0, 10_000, 0], ["wal", 2, 1, 0, 10_000, 1]]


def test_tables_are_strict(state: Path) -> None:
    connection = sqlite3.connect(state / "driftd.db")
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    connection.close()
    assert [name for name, strict in tables if not strict and not name.startswith(("sqlite_", "alembic"))] == []


def test_folder_and_files_are_the_users_own(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state"
    database = Database.open("sqlite", state)
    database.upgrade()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}
    database.backup(tmp_path / "copies" / "a.db")
    database.close()
    assert modes == {"driftd.db": 0o600, "driftd.db-wal": 0o600, "driftd.db-shm": 0o600}
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "copies" / "a.db").stat().st_mode) == 0o600


def test_a_folder_that_others_may_read_is_remarked_on(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = Database.open("sqlite", tmp_path)
    assert any("chmod 700" in said for said in database.warnings)
    database.close()


def test_closing_leaves_one_whole_file(state: Path) -> None:
    assert [path.name for path in state.iterdir()] == ["driftd.db"]


def test_another_process_reads_while_nobody_writes(state: Path) -> None:
    database = Database.open("sqlite", state, read_only=True)
    with database.read() as connection:
        assert connection.execute(COUNT).scalar() == 1
    with pytest.raises(StoreError, match="for reading only"), database.write():
        pass
    database.close()
    with pytest.raises(StoreError, match="is not there; `driftd run` makes it"):
        Database.open("sqlite", state / "nowhere", read_only=True)


DAMAGE = {
    "empty": lambda data: b"",
    "garbage": lambda data: os.urandom(len(data)),
    "text": lambda data: b"these are not the bytes you are looking for\n" * 3000,
    "header gone": lambda data: bytes(100) + data[100:],
    "cut in half": lambda data: data[: len(data) // 2],
    "cut within a page": lambda data: data[:-1000],
    "a page of zeros": lambda data: data[:8192] + bytes(4096) + data[12288:],
    "pages swapped": lambda data: data[:4096] + data[8192:12288] + data[4096:8192] + data[12288:],
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_refused_and_left_as_it_is(state: Path, kind: str) -> None:
    path = state / "driftd.db"
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        opened(state)
    assert f"store {path}: damaged" in str(raised.value)
    assert f"there is none in {state / 'backups'}" in str(raised.value)
    assert path.read_bytes() == before


def test_the_newest_backup_is_named(state: Path) -> None:
    database = Database.open("sqlite", state)
    database.backup(state / "backups" / "monday.db")
    database.close()
    (state / "driftd.db").write_bytes(b"")
    with pytest.raises(StoreError, match=r"the newest here is \S+/backups/monday\.db"):
        opened(state)
    (state / "driftd.db").unlink()
    with pytest.raises(StoreError, match="the file is gone"):
        opened(state)
    shutil.copy(state / "backups" / "monday.db", state / "driftd.db")
    opened(state)


def test_a_journal_without_its_file_is_no_new_store(state: Path) -> None:
    (state / "driftd.db").rename(state / "driftd.db-wal")
    with pytest.raises(StoreError, match="the file is gone, but"):
        opened(state)


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "driftd.db")
    connection.execute("CREATE TABLE mine (a)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="not one of driftd's"):
        opened(tmp_path)


def test_a_leftover_of_a_start_that_was_cut_off_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".driftd.db.new").write_bytes(b"half")
    opened(tmp_path)
    assert not (tmp_path / ".driftd.db.new").exists()


def test_damage_that_shows_later_is_told_too(state: Path) -> None:
    database = Database.open("sqlite", state)
    with (state / "driftd.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(40 * 4096))
    with pytest.raises(StoreError, match="damaged: "), database.read() as connection:
        connection.execute(text("SELECT count(why) FROM window")).scalar()
    database._writer.dispose()
    database._readers.dispose()


def test_a_full_store_says_so_and_goes_on_when_there_is_room(state: Path) -> None:
    database = Database.open("sqlite", state)
    ledger = Ledger(database, "one")
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    claim = ledger.claim(["churn"], LEASE, after(200))
    assert claim is not None
    large = done(report=os.urandom(200_000).hex().join(['{"a":"', '"}']).encode())
    with pytest.raises(StoreError, match="full; nothing of this change was written: make room"):
        ledger.finish(claim, large, after(200))
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert ledger.finish(claim, large, after(200))
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("may not mount")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    database = Database.open("sqlite", small_disk / "state")
    database.upgrade()
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 50), after(50))
    filler = small_disk / "filler"
    filler.write_bytes(bytes(300_000))
    finished, report = 0, b'{"a":"%s"}' % os.urandom(30_000).hex().encode()

    def fill() -> None:
        nonlocal finished
        while (claim := ledger.claim(["churn"], LEASE, after(50))) is not None:
            ledger.finish(claim, done(report=report), after(50))
            finished += 1

    with pytest.raises(StoreError, match=r"full|I/O"):
        fill()
    filler.unlink()
    ledger = Ledger(database, "successor")
    ledger.take_over(after(50))
    assert ledger.pending() == {"churn": 50 - finished}
    claim = ledger.claim(["churn"], LEASE, after(50))
    assert claim is not None
    assert ledger.finish(claim, done(report=report), after(50))
    database.close()
    opened(small_disk / "state")


def test_a_read_only_folder_is_refused_by_name(small_disk: Path) -> None:
    state = small_disk / "state"
    opened(state)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreError, match=r"driftd\.db: .*(readonly|read-only|unable to open)"):
        opened(state)
    with pytest.raises(StoreError, match=r"Read-only file system; `state` must be a folder that driftd may write to"):
        opened(small_disk / "other")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="`state` must be a folder"):
        opened(tmp_path / "state")


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = ["1 0 8:1 / / rw - ext4 /dev/sda1 rw", f"2 1 0:9 / {tmp_path} rw - cifs //server/share rw"]
    monkeypatch.setattr(disks, "mounts", lambda: mounts)
    with pytest.raises(StoreError, match=r"network file system \(cifs\).* local disk, or `store` to a postgresql"):
        opened(tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_a_large_store_is_looked_at_for_a_bounded_time(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "CHECK_SECONDS", -1.0)
    opened(state)


def test_the_size_counts_what_is_not_in_the_file_yet(database: Database) -> None:
    before = database.size_bytes()
    Ledger(database, "one").plan("churn", plan(0, 2000), after(2000))
    assert database.size_bytes() > before > 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://me@here/db", "'mysql' is not known; write `sqlite` or postgresql"),
        ("postgresql+asyncpg://me@here/db", "'postgresql.asyncpg' is not known"),
        ("not an address", "not an address"),
    ],
)
def test_an_address_of_another_kind_is_refused(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=said):
        Database.open(url, tmp_path)


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        Database.open("postgresql+psycopg://me:hunter2@127.0.0.1:9/db", tmp_path)
    assert "store postgresql+psycopg://me:***@127.0.0.1:9/db" in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_after_the_server_was_away_the_next_transaction_connects_anew(
    postgres: servers.Postgres, tmp_path: Path
) -> None:
    database = Database.open(postgres.database(), tmp_path)
    database.upgrade()
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 1), after(0))
    postgres.stop()
    with pytest.raises(StoreError):
        ledger.claim(["churn"], LEASE, after(0))
    postgres.start()
    claim = ledger.claim(["churn"], LEASE, after(0))
    assert claim is not None
    assert claim.window == window(0)
    database.close()


def test_postgresql_has_its_own_backups(postgres: servers.Postgres, tmp_path: Path) -> None:
    database = Database.open(postgres.database(), tmp_path)
    with pytest.raises(StoreError, match="use `pg_dump`"):
        database.backup(tmp_path / "a.db")
    assert database.backups is None
    database.close()
