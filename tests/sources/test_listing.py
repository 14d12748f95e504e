"""Listing: what is found below a place, what it says of itself, and which folders are not looked into."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import InputError, SourceError
from monitor.sources.files import find
from monitor.sources.listing import listed, oldest, own_time

DAY = datetime(2026, 1, 5, tzinfo=UTC)


def write(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def names(root: Path, found) -> list[str]:
    return [str(Path(file.path).relative_to(root)) for file in found]


@pytest.fixture
def scanned(monkeypatch):
    """The folders that were looked into."""
    seen, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: seen.append(str(path)) or scandir(path))
    return seen


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", ".h", "_t", "2026", "01", "05", "dt=2026-01-05"]), min_size=1, max_size=5)
    )
)
def test_without_bounds_the_same_files_are_found_as_by_find(tmp_path_factory, paths):
    root = tmp_path_factory.mktemp("r")
    for parts in paths:
        folder = root.joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "f.jsonl").write_text("x")
    assert [file.path for file in listed(str(root))] == [str(path) for path in find([root])]


def test_a_file_says_its_size_stamp_time_and_hour(tmp_path):
    write(tmp_path, "2026/01/05/09/a.jsonl", "b")
    os.utime(tmp_path / "b", ns=(10**18 + 7, 10**18 + 7))
    hour, undated = listed(tmp_path)
    assert (hour.size, hour.hour.start, hour.own) == (21, DAY + timedelta(hours=9), DAY + timedelta(hours=9))
    assert (undated.hour, undated.stamp) == (None, str(10**18 + 7))
    assert undated.modified == undated.own == datetime.fromtimestamp(10**9, UTC)
    assert undated.place == tmp_path / "b"
    assert own_time(tmp_path / "b") == undated.own
    assert own_time(tmp_path / "2026/01/05/09/a.jsonl") == hour.own


def test_only_the_folders_between_the_bounds_are_entered(tmp_path, scanned):
    hours = [f"{d:02}/{h:02}" for d in (4, 5, 6) for h in (0, 9, 23)]
    write(
        tmp_path,
        *(f"AllTraffic/2026/01/{hour}/f" for hour in hours),
        "notes/2025.txt",
        "AllTraffic/2026/01/05/whole-day",
    )
    found = listed(tmp_path, DAY + timedelta(hours=8, minutes=30), DAY + timedelta(hours=23))
    assert names(tmp_path, found) == [
        "AllTraffic/2026/01/05/09/f", "AllTraffic/2026/01/05/23/f", "AllTraffic/2026/01/05/whole-day", "notes/2025.txt"
    ]  # fmt: skip
    assert not any(re.search("01/0[46]|05/00", folder) for folder in scanned)


@pytest.mark.parametrize(
    ("name", "is_in"),
    [("dt=2026-01-05-09/f", True), ("dt=2026-01-05/hour=09/f", True), ("dt=2026-01-05/hour=10/f", False),
     ("year=2026/month=01/day=05/hour=08/f", False), ("year=2026/month=01/day=05/hour=09/f", True),
     ("date=2026-01-06/f", False),
     ("2025/12/31/23/f", False), ("2026/02/f", False), ("2026/f", True), ("2026/77/f", True), ("2024/f", True),
     ("a/2026/01/05/09/b/c/f", True), ("a/2026/01/05/07/b/c/f", False)],
)  # fmt: skip
def test_every_form_of_dated_folder_is_held_against_the_bounds(tmp_path, name, is_in):
    write(tmp_path, name)
    hour = DAY + timedelta(hours=9)
    assert names(tmp_path, listed(tmp_path, hour, hour + timedelta(minutes=59))) == [name] * is_in


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_bounds_leave_out_nothing_but_folders_beyond_them(tmp_path_factory, since, until):
    root = tmp_path_factory.getbasetemp() / "tree"
    if not root.exists():
        write(root, *(f"{DAY + timedelta(hours=h):%Y/%m/%d/%H}/f" for h in range(0, 60, 7)))
    low, high = DAY + timedelta(hours=since, minutes=1), DAY + timedelta(hours=until, minutes=1)
    found = listed(root, low, high)
    expected = [file for file in listed(root) if file.hour.end > low and file.hour.start <= high]
    assert found == expected


def test_a_day_of_ten_thousand_hours_takes_a_few_dozen_looks(tmp_path, scanned):
    for hour in range(10_000):
        (tmp_path / f"{DAY + timedelta(hours=hour):%Y/%m/%d/%H}").mkdir(parents=True)
        (tmp_path / f"{DAY + timedelta(hours=hour):%Y/%m/%d/%H}" / "f").touch()
    scanned.clear()
    middle = DAY + timedelta(days=200)
    assert len(listed(tmp_path, middle, middle + timedelta(hours=23))) == 24
    assert len(scanned) < 40
    scanned.clear()
    assert names(tmp_path, oldest(tmp_path)) == ["2026/01/05/00/f"]
    assert len(scanned) < 10


def test_a_place_may_be_a_file_or_lie_within_the_dates(tmp_path):
    write(tmp_path, "2026/01/05/09/f", "2026/01/05/10/f")
    (one,) = listed(tmp_path / "2026/01/05/09/f")
    assert (names(tmp_path, [one]), one.hour.start.hour) == (["2026/01/05/09/f"], 9)
    assert names(tmp_path, listed(tmp_path / "2026/01", DAY + timedelta(hours=10))) == ["2026/01/05/10/f"]
    assert names(tmp_path, listed(tmp_path / "2026/01/05", until=DAY)) == []


def test_the_date_of_a_place_itself_hides_nothing(tmp_path):
    write(tmp_path, "2024/01/05/captures/f", "2024/01/05/captures/a/f")
    later = DAY + timedelta(days=1)
    found = listed(tmp_path / "2024/01/05/captures", DAY, later)
    assert [(Path(file.path).name, file.hour) for file in found] == [("f", None)] * 2
    assert len(listed(tmp_path / "2024/01/05", DAY, later)) == 2


def test_a_place_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="gone: does not exist; give a capture file, or a folder that holds some"):
        listed(tmp_path / "gone")
    with pytest.raises(InputError, match="does not exist"):
        oldest(tmp_path / "gone")


def test_links_that_lead_out_are_left_out_and_links_to_folders_not_entered(tmp_path):
    root = write(tmp_path / "in", "a/f")
    write(tmp_path, "secret/x")
    (root / "out").symlink_to(tmp_path / "secret" / "x")
    (root / "outside").symlink_to(tmp_path / "secret")
    (root / "circle").symlink_to(root)
    (root / "same").symlink_to(root / "a" / "f")
    (root / "broken").symlink_to(root / "nothing")
    assert names(root, listed(root)) == ["a/f", "same"]
    (tmp_path / "door").symlink_to(root)
    assert [Path(file.path).name for file in listed(tmp_path / "door")] == ["f", "same"]


def test_what_is_no_file_is_left_out(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert listed(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_no_empty_folder(tmp_path):
    write(tmp_path, "a/f", "b/f")
    (tmp_path / "a").chmod(0)
    with pytest.raises(SourceError, match="/a: cannot be listed: Permission denied"):
        listed(tmp_path)
    with pytest.raises(InputError, match="/a: cannot be listed: Permission denied"):
        listed(tmp_path / "a")
    (tmp_path / "a").chmod(0o700)


def test_a_folder_that_goes_while_it_is_listed_has_no_files(tmp_path, monkeypatch):
    write(tmp_path, "a/f", "b/f")
    scandir = os.scandir

    def gone(path):
        if str(path).endswith("/a"):
            raise FileNotFoundError(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", gone)
    assert names(tmp_path, listed(tmp_path)) == ["b/f"]


def test_the_oldest_are_the_first_dated_folder_with_files_and_all_that_is_undated(tmp_path):
    dated = ("a/2026/01/05/09/f", "a/2026/01/05/10/f", "b/2025/07/01/00/f", "b/2025/07/02/00/f")
    write(tmp_path, *dated, "c/f", "2026/01/g", "b/2025/06/g")
    (tmp_path / "b/2025/06/01/00").mkdir(parents=True)
    write(tmp_path, "b/2025/06/02/_hidden")
    assert names(tmp_path, oldest(tmp_path)) == ["2026/01/g", "b/2025/06/g", "b/2025/07/01/00/f", "c/f"]
    assert names(tmp_path, oldest(tmp_path / "b/2025/06")) == ["b/2025/06/g"]
