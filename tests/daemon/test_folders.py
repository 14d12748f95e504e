"""Report folders appear whole, or not at all."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.daemon.folders import folder_name, put, sweep
from monitor.window import Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def no_file_larger_than(count: int) -> Iterator[None]:
    """A disk that is full, as far as one process can have it: a write beyond so many bytes is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_folder_is_named_by_its_window_and_revision() -> None:
    window = Window(start=START, end=START + timedelta(minutes=90))
    assert folder_name(window, 3) == "20260302T090000Z_20260302T103000Z_r3"


def test_a_folder_is_there_with_everything_that_was_to_be_in_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    put({"a.json": "{}", "b.html": "<p>ä</p>"}, tmp_path / "m" / "w_r1", "run-1")
    assert names(tmp_path / "m") == ["w_r1"]
    assert names(tmp_path / "m" / "w_r1") == ["a.json", "b.html"]
    assert (tmp_path / "m" / "w_r1" / "b.html").read_bytes() == "<p>ä</p>".encode()


def test_what_an_attempt_that_was_cut_off_left_under_the_same_name_makes_way(tmp_path: Path) -> None:
    put({"old.json": "old", "a.json": "old"}, tmp_path / "m" / "w_r1", "run-1")
    put({"a.json": "new"}, tmp_path / "m" / "w_r1", "run-2")
    assert names(tmp_path / "m") == ["w_r1"]
    assert names(tmp_path / "m" / "w_r1") == ["a.json"]
    assert (tmp_path / "m" / "w_r1" / "a.json").read_text() == "new"


@pytest.mark.parametrize("earlier", [False, True])
def test_a_disk_that_is_full_leaves_nothing_of_the_new_and_all_of_the_old(tmp_path: Path, earlier: bool) -> None:
    if earlier:
        put({"a.json": "old"}, tmp_path / "m" / "w_r1", "run-1")
    with no_file_larger_than(4096), pytest.raises(OSError, match="File too large"):
        put({"a.json": "new", "b.json": "x" * 100_000}, tmp_path / "m" / "w_r1", "run-2")
    assert names(tmp_path / "m") == (["w_r1"] if earlier else [])
    assert not earlier or (tmp_path / "m" / "w_r1" / "a.json").read_text() == "old"


def test_a_text_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        put({"a.json": "{}", "b.html": "half a pair: \ud800"}, tmp_path / "m" / "w_r1", "run-1")
    assert names(tmp_path / "m") == []


def test_the_old_folder_is_back_where_the_new_one_cannot_take_its_place(tmp_path: Path) -> None:
    put({"a.json": "old"}, tmp_path / "m" / "w_r1", "run-1")
    (tmp_path / "m" / ".unfinished-run-2-before" / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="not empty"):
        put({"a.json": "new"}, tmp_path / "m" / "w_r1", "run-2")
    assert (tmp_path / "m" / "w_r1" / "a.json").read_text() == "old"


def test_a_place_where_no_folder_can_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a file")
    with pytest.raises(OSError, match="m"):
        put({"a.json": "{}"}, tmp_path / "m" / "w_r1", "run-1")
    assert names(tmp_path) == ["m"]


def test_sweeping_removes_what_is_unfinished_and_only_that(tmp_path: Path) -> None:
    put({"a.json": "{}"}, tmp_path / "m" / "w_r1", "run-1")
    for left in ("m/.unfinished-run-2", "m/.unfinished-run-3-before", "n/.unfinished-run-4"):
        (tmp_path / left).mkdir(parents=True)
        (tmp_path / left / "report.json").write_text("{")
    assert sweep(tmp_path) == 3
    assert (names(tmp_path / "m"), names(tmp_path / "n")) == (["w_r1"], [])
    assert sweep(tmp_path) == 0


def test_there_is_nothing_to_sweep_before_the_first_report(tmp_path: Path) -> None:
    assert sweep(tmp_path / "reports") == 0
