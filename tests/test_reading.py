"""Reading: files of any kind to batches, every record accounted for."""

import gzip
import hashlib
import os
import random
import re
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shop

from monitor.batch import Expected
from monitor.errors import InputError
from monitor.feature import Categorical, Numeric
from monitor.formats import known
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.reading import Reading
from monitor.selection import Selection
from monitor.sources import files
from monitor.window import Window

NOTHING = Expected()
BASE = Profile(
    features={
        "y": Numeric(name="y", type="Fractional", cells=np.zeros(5, np.int64), cuts=np.array([0.5]), high=1.0),
        "a": Numeric(name="a", type="Integral", cells=np.zeros(5, np.int64), cuts=np.array([5.0]), high=9.0),
        "b": Categorical(name="b", type="String", cells=np.zeros(5, np.int64), values=("x", "y")),
    }
)
ABC = Expected(names=("y", "a", "b"), texts=frozenset({"b"}))


def volume(reading: Reading) -> Volume:
    return sum((batch.volume for batch in reading), Volume())


def captures(n: int) -> list[str]:
    return [shop.capture(f"{i % 10},x", shop.score(i), i) for i in range(n)]


def test_a_binary_file_is_one_reject_that_says_where(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"captureData,1\n\x00\x01")
    (batch,) = Reading([tmp_path], NOTHING)
    assert batch.volume.rejected == {"not_text": 1}
    assert batch.rejects[0].why == "byte 15 is 0: a binary file"


def test_a_file_of_no_known_format_is_one_reject_that_names_the_known_ones(tmp_path):
    (tmp_path / "x.json").write_text("[1, 2]\n")
    (batch,) = Reading([tmp_path], NOTHING)
    assert batch.volume.rejected == {"unknown_format": 1}
    assert batch.rejects[0].why == f"none of {', '.join(known())}"


def test_an_unknown_format_is_refused_by_name(tmp_path):
    with pytest.raises(
        InputError, match=r"format 'avro': unknown; one of auto, sagemaker, .*csv, or a YAML file with a"
    ):
        Reading([tmp_path], NOTHING, format="avro")


def test_files_of_several_formats_in_one_folder_are_each_read_as_what_they_are(tmp_path):
    shop.write(tmp_path / "1.jsonl", captures(3))
    (tmp_path / "2.csv").write_text("y,a,b\n0.5,1,x\n")
    (tmp_path / "3.csv.gz").write_bytes(gzip.compress(b"0.5,1,x\n0.5,2,y\n"))
    (tmp_path / "4.bin").write_bytes(b"\x00")
    (tmp_path / "5.jsonl").write_bytes(b"")
    reading = Reading([tmp_path], ABC)
    found = measure(reading, BASE).volume
    assert (found.rows, found.records, found.rejected) == (6, 7, {"not_text": 1})
    assert {path.rpartition("/")[2]: name for path, name in reading.formats.items()} == {
        "1.jsonl": "sagemaker",
        "2.csv": "csv",
        "3.csv.gz": "csv",
    }


def test_a_format_that_is_named_is_not_guessed(tmp_path):
    shop.write(tmp_path / "f", ["a,b", "1,2"])
    assert volume(Reading([tmp_path], NOTHING, format="sagemaker")).rejected == {"not_json": 2}


def test_the_digest_is_of_the_contents_whatever_the_names_and_the_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, names in ((one, ("a", "b")), (two, ("z", "c"))):
        shop.write(folder / names[0], captures(3))
        shop.write(folder / names[1], ["1,2", "3,4"])
    (two / "c").rename(two / "0")
    readings = [Reading([folder], NOTHING) for folder in (one, two)]
    for reading in readings:
        assert volume(reading).records == 5
    assert readings[0].digest == readings[1].digest
    shop.write(two / "z", captures(4))
    volume(readings[1])
    assert readings[0].digest != readings[1].digest


def test_digests_are_of_whole_files_also_of_those_that_no_format_reads(tmp_path):
    contents = {"big": b"\x00" + b"line\n" * 2_000_000, "csv": b"1,2\n" * 10, "empty": b"", "odd": b'{"a":1}\n'}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    seen = []
    reading = Reading([tmp_path], NOTHING, watch=seen.append)
    volume(reading)
    told = {path.rpartition("/")[2]: digest for path, digest in reading.digests.items()}
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    assert sum(seen) == sum(map(len, contents.values()))


def test_a_second_pass_gives_the_same(tmp_path):
    shop.write(tmp_path / "f", [*captures(5), "garbage"])
    reading = Reading([tmp_path], NOTHING)
    first = [(b.rows.to_pylist(), b.volume.records, b.rejects) for b in reading]
    digest = reading.digest
    assert [(b.rows.to_pylist(), b.volume.records, b.rejects) for b in reading] == first
    assert reading.digest == digest


def test_a_torn_file_is_told_and_the_others_are_read(tmp_path):
    shop.write(tmp_path / "a", captures(2))
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"1,2\n" * 9999)[:-9])
    found = volume(Reading([tmp_path], NOTHING))
    assert (found.rejected, found.rows) == ({"unreadable": 1}, 2)


PIECES = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\xff", b"\n", b"\r", b" ", b"null", b"\\ud800", b"\\u0000",
          b'"data"', b'"captureData"', b"1e999", b"\xef\xbb\xbf", b'"encoding":"JSON"', b"BASE64", b"{}{}",
          b"\0"]  # fmt: skip


def mutated(line: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 5])):
        at, end = sorted((dice.randrange(len(line) + 1), dice.randrange(len(line) + 1)))
        piece = dice.choice(PIECES)
        line = dice.choice(
            [line[:at] + piece + line[at:], line[:at] + piece + line[at + 1 :], line[:at], line[:at] + line[end:]]
        )
    return line


def random_capture(dice: random.Random, number: int) -> bytes:
    request = dice.choice(
        [
            "1,x",
            "7,y",
            '2,"q,r"',
            ",",
            "soon,x",
            {"a": 1, "b": "x"},
            {"a": 3.5, "b": None},
            {"a": [1]},
            {"a": "2026-01-01"},
            [1],
            "1e60,z",
        ]
    )
    return shop.capture(request, dice.choice(["0.25", "", '"', {"y": 0.5}, {"z": 1}, "1\n2"]), number).encode()


@pytest.mark.parametrize("seed", range(12))
def test_mutated_captures_are_all_accounted_for(tmp_path, seed):
    dice = random.Random(seed)
    share = dice.random()
    lines = [random_capture(dice, i) for i in range(250)]
    lines = [mutated(line, dice) if dice.random() < share else line for line in lines]
    data = b"\n".join(lines)
    (tmp_path / "f").write_bytes(data)
    found = measure(Reading([tmp_path], ABC, format="sagemaker"), BASE).volume
    kept = [line for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    assert found.records >= len(kept)  # more only where one line holds several records
    assert found.records <= len(kept) + len(re.findall(rb"\}[^\S\n]*\{", data))
    assert found.rows + sum(found.rejected.values()) >= found.records  # more only where one payload holds several rows
    without = measure(Reading([tmp_path], NOTHING, format="sagemaker"), BASE).volume
    assert without.records == found.records


@pytest.mark.parametrize("seed", range(12))
def test_mutated_tables_are_all_accounted_for(tmp_path, seed):
    dice = random.Random(seed)
    rows = [f"{i / 997:.3f},{i % 10},{dice.choice('xyz')}".encode() for i in range(250)]
    share = dice.random() / 3
    lines = [b"y,a,b"] * (seed % 2) + [mutated(row, dice) if dice.random() < share else row for row in rows]
    (tmp_path / "f").write_bytes(b"\n".join(lines))
    for expected in (ABC, NOTHING, Expected(header="yes"), Expected(names=ABC.names, header="no")):
        found = measure(Reading([tmp_path], expected, format="csv"), BASE).volume
        assert found.records == found.rows + sum(found.rejected.values())
        measure(Reading([tmp_path], expected), BASE)


def test_rows_are_those_of_the_untouched_lines_beside_mutated_ones(tmp_path):
    dice = random.Random(7)
    good = [shop.capture(f"{i % 10},x", shop.score(i), i).encode() for i in range(200)]
    bad = [line[: dice.randrange(1, len(line) - 1)] for line in good]
    lines = [line for pair in zip(good, bad, strict=True) for line in pair]
    (tmp_path / "f").write_bytes(b"\n".join(lines))
    found = measure(Reading([tmp_path], ABC, format="sagemaker"), BASE)
    assert (found.rows, sum(found.volume.rejected.values()), found.volume.records) == (200, 200, 400)
    assert found.features["a"].classes.integral == 200


@pytest.mark.parametrize("format", ["sagemaker", "csv"])
def test_a_parquet_file_that_is_named_as_a_text_is_one_reject(tmp_path, format):
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "f.parquet")
    (batch,) = Reading([tmp_path], NOTHING, format=format)
    assert (batch.volume.records, batch.volume.rejected) == (1, {"unknown_format": 1})
    assert batch.rejects[0].why == f"a Parquet file, which format {format} does not read"


def test_a_manifest_that_cannot_be_read_is_a_reject_and_one_that_is_long_is_read_whole(tmp_path, monkeypatch):
    (tmp_path / "torn").write_text('[{"prefix": "s3://bucket/"}, "a')
    assert volume(Reading([tmp_path / "torn"], ABC)).rejected == {"not_json": 1}
    monkeypatch.setattr(files, "BLOCK_BYTES", 50)
    shop.write(tmp_path / "data" / "a.jsonl", captures(3))
    names = ['"data/a.jsonl"', '"s3/data/a.jsonl"', *[f'"gone{i}"' for i in range(20)]]
    (tmp_path / "m").write_text('[{"prefix": "s3://bucket/"},\n' + ",\n".join(names) + "]")
    reading = Reading([tmp_path / "m"], ABC)
    for _ in range(2):  # a second pass reads the same
        found = volume(reading)
        assert (found.rows, found.rejected) == (3, {"not_here": 20})


def in_hour(hour: int) -> Selection:
    start = shop.START.replace(hour=hour)
    return Selection(Window(start=start, end=start + timedelta(hours=1)))


def test_what_has_no_time_goes_by_its_folders_or_when_it_was_last_changed(tmp_path):
    folder = tmp_path / "AllTraffic" / "2026" / "01" / "05" / "13"
    shop.write(folder / "a.csv", ["0.5,1,x"] * 3)
    shop.write(folder / "b.json", ["[1, 2]"])  # of no format
    pq.write_table(pa.table({"a": [1, 2]}), folder / "c.parquet")
    (tmp_path / "m").write_text('[{"prefix": "s3://bucket/"}, "gone"]')
    os.utime(tmp_path / "m", (shop.START.replace(hour=14, minute=59).timestamp(),) * 2)
    for hour, records, rejected in (
        (13, 6, {"unknown_format": 1}),
        (14, 1, {"not_here": 1}),
        (15, 0, {}),
    ):
        selection = in_hour(hour)
        found = volume(Reading([tmp_path], Expected(selection=selection)))
        assert (found.records, found.rejected) == (records, rejected)
        assert sum(seen.rows for seen in selection.seen.values()) == records
        assert sum(seen.outside for seen in selection.seen.values()) == 7 - records


def test_a_file_that_is_gone_meanwhile_is_told_in_the_window_that_asks_for_it(tmp_path):
    path = shop.write(tmp_path / "a.csv", ["0.5,1,x"])
    reading = Reading([tmp_path], Expected(selection=in_hour(3)))
    path.unlink()
    assert volume(reading).rejected == {"unreadable": 1}


def test_a_second_pass_of_a_window_gives_the_same(tmp_path):
    shop.write(tmp_path / "f", [*captures(5), "garbage"])
    selection = in_hour(0)
    reading = Reading([tmp_path], Expected(selection=selection))
    first, seen = volume(reading), selection.seen
    assert (volume(reading), selection.seen) == (first, seen)
    assert (first.records, [one.rows for one in seen.values()]) == (6, [6])
