"""Object stores: what is listed and read through a server that speaks S3, and what is said when it will not."""

import bz2
import gzip
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import object_store
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from monitor.errors import InputError, SourceError
from monitor.place import Url
from monitor.sources import files, parquet, remote
from monitor.sources.listing import listed, oldest
from monitor.sources.pieces import Piece

DAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with object_store.s3() as store:
        yield store


@pytest.fixture
def store(server):
    """The server with an empty bucket."""
    for found in server.client.list_objects_v2(Bucket="bucket").get("Contents", []):
        server.delete(found["Key"])
    server.requests.clear()
    return server


def hours(store, count: int) -> None:
    for number in range(count):
        store.put(f"c/AllTraffic/{DAY + timedelta(hours=number):%Y/%m/%d/%H}/f.jsonl", b"x")


def test_objects_are_listed_with_size_stamp_and_hour(store):
    place = store.put("c/2026/01/05/09/ü b?=#.jsonl", b"line\n")
    (one,) = listed("s3://bucket/c/")
    assert (one.path, one.size, one.hour.start) == (place, 5, DAY + timedelta(hours=9))
    assert one.modified == store.client.head_object(Bucket="bucket", Key=one.place.key)["LastModified"]
    (before,) = listed("s3://bucket")
    store.put("c/2026/01/05/09/ü b?=#.jsonl", b"LINE\n")
    (after,) = listed("s3://bucket")
    assert before == one != after
    assert before.stamp != after.stamp


def test_hidden_objects_and_markers_of_folders_are_left_out(store):
    for key in ("c/_SUCCESS", "c/.x", "c/_temporary/f", "c/", "c/a/", "c/a/f", "d", "c-2/f"):
        store.put(key, b"")
    assert [file.path for file in listed("s3://bucket/c")] == ["s3://bucket/c/a/f"]
    assert [file.path for file in listed("s3://bucket/c/_SUCCESS")] == ["s3://bucket/c/_SUCCESS"]


def test_dated_folders_beyond_the_bounds_cost_no_request(store):
    hours(store, 100)
    store.requests.clear()
    found = listed("s3://bucket/c", DAY + timedelta(hours=30), DAY + timedelta(hours=32))
    assert [file.hour.start.hour for file in found] == [6, 7, 8]
    assert len(store.lists()) <= 9  # the place twice, variant, year, month, day, three hours
    store.requests.clear()
    assert [file.hour.start for file in oldest("s3://bucket/c")] == [DAY]
    assert len(store.lists()) <= 7


def test_a_listing_of_more_than_a_page_is_whole(store):
    store.client.create_bucket(Bucket="many")
    for number in range(1005):
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object("many", f"c/{number}", b"")
    assert len(listed("s3://many/c")) == 1005
    assert len(store.lists()) > 2


def test_an_empty_bucket_has_no_files_and_what_is_not_there_is_named(store):
    assert listed("s3://bucket") == []
    with pytest.raises(InputError, match=r"^s3://bucket/gone: does not exist \(.*\); give a file or folder that does"):
        listed("s3://bucket/gone")
    with pytest.raises(InputError, match=r"^s3://nobody/a: does not exist \(The specified bucket does not exist"):
        listed("s3://nobody/a")


def test_a_small_object_is_one_request_and_a_large_one_a_few(store, monkeypatch):
    store.put("small", b"a\nb\n")
    (small,) = listed("s3://bucket/small")
    store.requests.clear()
    assert b"".join(block.data for block in files.blocks(small)) == b"a\nb\n"
    assert store.requests == ["GET /bucket/small"]
    monkeypatch.setattr(remote, "SMALL_BYTES", 1000)
    monkeypatch.setattr(files, "BLOCK_BYTES", 700)
    data = b"".join(b"%d\n" % number for number in range(2000))
    store.put("large", data)
    (large,) = listed("s3://bucket/large")
    found = list(files.blocks(large))
    assert b"".join(block.data for block in found) == data
    assert all(block.data.endswith(b"\n") and block.path == "s3://bucket/large" for block in found)


PACK = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": lambda b: pa.compress(b, codec="zstd", asbytes=True),
    "": lambda b: b,
}


@pytest.mark.parametrize("ending", PACK)
@pytest.mark.parametrize("small", [10, 1 << 20])
def test_packed_objects_are_unpacked_and_torn_ones_are_told_as_local_ones(store, tmp_path, monkeypatch, ending, small):
    monkeypatch.setattr(remote, "SMALL_BYTES", small)
    monkeypatch.setattr(files, "BLOCK_BYTES", 1000)
    data = b"".join(b"%d\n" % number**9 for number in range(3000))
    for name, content in (("whole", PACK[ending](data)), ("torn", PACK[ending](data)[:-2000])):
        path = tmp_path / f"{name}.{ending}"
        path.write_bytes(content)
        (one,) = listed(store.put(path.name, content))
        here, there = ([(b.data, b.line, b.trouble) for b in files.blocks(at)] for at in (path, one))
        assert here == there


@pytest.mark.parametrize("small", [10, 1 << 20])
def test_parquet_objects_are_read_as_local_ones(store, tmp_path, monkeypatch, small):
    monkeypatch.setattr(remote, "SMALL_BYTES", small)
    path = tmp_path / "dt=2026-01-05" / "f.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"a": range(5000), "b": ["x"] * 5000}), path, row_group_size=1000)
    (one,) = listed(store.put("dt=2026-01-05/f.parquet", path.read_bytes()))
    assert [b.rows for b in parquet.blocks(one)] == [b.rows for b in parquet.blocks(path)]
    assert (parquet.footer(one), parquet.digest(one)) == (parquet.footer(path), parquet.digest(path))
    cut = parquet.footer(one).begins[2]
    parts = [Piece.of(one, start, end, "parquet", is_table=True) for start, end in ((0, cut), (cut, None))]
    assert [sum(b.rows.num_rows for b in parquet.blocks(part)) for part in parts] == [2000, 3000]
    data = path.read_bytes()
    assert [parquet.digest(part) for part in parts] == [sha256(part).hexdigest() for part in (data[:cut], data[cut:])]
    (torn,) = listed(store.put("torn", path.read_bytes()[:-9]))
    (block,) = parquet.blocks(torn)
    assert block.trouble
    assert parquet.footer(torn) == parquet.Footer()


@pytest.mark.parametrize("small", [1, 1 << 20])
def test_an_object_that_has_gone_since_it_was_listed_is_told(store, monkeypatch, small):
    monkeypatch.setattr(remote, "SMALL_BYTES", small)
    store.put("f", b"a\nb\n")
    (one,) = listed("s3://bucket/f")
    store.delete("f")
    for (block,) in (list(files.blocks(one)), list(parquet.blocks(one))):
        assert (block.reason, block.is_first) == ("unreadable", True)
        assert block.trouble


def test_an_object_that_changes_while_it_is_read_ends_the_reading(store, monkeypatch):
    monkeypatch.setattr(remote, "SMALL_BYTES", 1000)
    monkeypatch.setattr(files, "BLOCK_BYTES", 500)
    store.put("f", b"old\n" * 5000)
    (one,) = listed("s3://bucket/f")
    reading = files.blocks(one)
    next(reading)
    store.put("f", b"new\n" * 5000)
    with pytest.raises(SourceError, match=r"^s3://bucket/f: "):
        list(reading)


class Faulty:
    """A file of a store whose answers are given one by one: bytes, or what is raised."""

    def __init__(self, *answers) -> None:
        self.answers, self.at, self.closed = list(answers), 0, False

    def read(self, size):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.at += len(answer)
        return answer

    def tell(self):
        return self.at

    def close(self):
        self.closed = True


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(remote, "PAUSE_SECONDS", 0.0)


def test_a_connection_that_breaks_is_tried_again(quick):
    file = Faulty(b"ab", ConnectionResetError("reset"), b"", b"cd", b"")
    with remote.Stream(Url("s3://b/f"), file, 4) as stream:
        assert [stream.read(2) for _ in range(3)] == [b"ab", b"cd", b""]
    assert file.closed


def test_an_object_that_ends_too_early_is_no_shorter_object(quick):
    stream = remote.Stream(Url("s3://b/f"), Faulty(b"ab", b"", b"", b"", b""), 4)
    assert stream.read(2) == b"ab"
    for end in (lambda: stream.read(2), stream.leave):
        with pytest.raises(SourceError, match=r"^s3://b/f: cannot be read: ended after 2 of 4 bytes$"):
            end()


def test_what_breaks_below_another_library_is_said_all_the_same(quick):
    for compression in ("gzip", None):
        file = Faulty(PermissionError(13, "Access Denied"), b"")
        with pytest.raises(SourceError, match="Access Denied"), remote.Stream(Url("s3://b/f"), file, 99) as stream:
            pa.input_stream(stream, compression=compression).read(10)


def test_wrong_credentials_are_said_in_the_words_of_the_store_and_without_secrets():
    with object_store.answering(403, "AccessDenied", "Access Denied"):
        with pytest.raises(
            InputError, match=r"^s3://bucket/c: cannot be (listed|read): .*(Forbidden|Access ?Denied)"
        ) as caught:
            listed("s3://bucket/c")
        assert object_store.SECRET not in str(caught.value)


def test_a_store_that_is_down_is_told_within_bounded_time(monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with object_store.environment(f"http://127.0.0.1:{port}"):
        started = time.monotonic()
        with pytest.raises(InputError, match="Could not connect to the endpoint URL"):
            listed("s3://bucket/c")
        assert time.monotonic() - started < 15


def test_a_store_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(remote, "READ_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held = []
        threading.Thread(target=lambda: [held.append(silent.accept()) for _ in range(20)], daemon=True).start()
        with object_store.environment(f"http://127.0.0.1:{silent.getsockname()[1]}"):
            started = time.monotonic()
            with pytest.raises(InputError, match="imeout"):
                listed("s3://bucket/c")
            assert time.monotonic() - started < 15
        for connection, _ in held:
            connection.close()


def test_a_missing_extra_says_how_to_install_it():
    for place, extra in (("gs://b/c", "gcs"), ("gcs://b/c", "gcs"), ("az://b/c", "azure"), ("abfss://b@x/c", "azure")):
        with pytest.raises(InputError) as caught:
            listed(place)
        assert str(caught.value).endswith(f"pip install 'driftd[{extra}]'")
