"""Fetching ahead: several at a time, in order, and no more than are about to be read."""

from dataclasses import replace

import object_store
import pytest

from monitor.errors import SourceError
from monitor.place import Url
from monitor.sources import files, parquet, remote
from monitor.sources.ahead import AT_ONCE, MOST_BYTES, Fetched, ahead
from monitor.sources.listing import listed


@pytest.fixture
def store():
    with object_store.s3() as server:
        yield server


def test_small_objects_come_several_at_a_time_in_their_order(store):
    for number in range(30):
        store.put(f"c/{number:02}", b"%d\n" % number)
    found = listed("s3://bucket/c")
    store.requests.clear()
    store.seconds, store.most_at_once = 0.05, 0
    read = [block.data for file in ahead(found) for block in files.blocks(file)]
    assert read == [b"%d\n" % number for number in range(30)]
    assert 2 < store.most_at_once <= AT_ONCE
    assert sorted(store.requests) == sorted(f"GET /bucket/c/{number:02}" for number in range(30))


def test_whoever_stops_early_has_fetched_little(store):
    for number in range(60):
        store.put(f"c/{number:02}", b"x")
    found = listed("s3://bucket/c")
    store.requests.clear()
    going = ahead(found)
    next(going)
    going.close()
    assert len(store.requests) <= AT_ONCE + 1


def test_local_files_and_large_objects_are_left_as_they_are(tmp_path):
    (tmp_path / "f").write_text("x")
    (here,) = listed(tmp_path / "f")
    large = replace(here, path="s3://bucket/f", size=MOST_BYTES + 1)
    assert list(ahead([tmp_path / "f", here, large])) == [tmp_path / "f", here, large]


def test_what_goes_wrong_is_told_when_it_is_read(store):
    for key in "ab":
        store.put(f"c/{key}", b"x")
    a, b = listed("s3://bucket/c")
    store.delete("c/a")
    gone, there = ahead([a, b])
    assert isinstance(gone, Fetched)
    assert [block.reason for block in files.blocks(gone)] == ["unreadable"]
    assert [block.reason for block in parquet.blocks(gone)] == ["unreadable"]
    assert [block.data for block in files.blocks(there)] == [b"x"]
    with object_store.answering(403, "AccessDenied", "Access Denied"):
        (refused,) = ahead([replace(a, path="s3://bucket/a")])
        with pytest.raises(SourceError, match="Access Denied"):
            list(files.blocks(refused))
    assert remote.words(PermissionError(13, "Access Denied")) == "Access Denied"
    assert refused.place == Url("s3://bucket/a")
