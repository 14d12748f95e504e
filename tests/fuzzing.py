"""Lines and files that are broken at random but seeded, read and measured; run in a process of its own, as a script.

usage: python tests/fuzzing.py SEED LINES FILES
Prints how many lines and files there were, the records they held and the peak of memory in MB.
"""

import base64
import gzip
import io
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shop

from monitor.batch import Batch, Expected
from monitor.feature import Categorical, Numeric
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.reading import Reading

BASE = Profile(
    features={
        "y": Numeric(name="y", type="Fractional", cells=np.zeros(5, np.int64), cuts=np.array([0.5]), high=1.0),
        "a": Numeric(name="a", type="Integral", cells=np.zeros(5, np.int64), cuts=np.array([5.0]), high=9.0),
        "b": Categorical(name="b", type="String", cells=np.zeros(5, np.int64), values=("x", "y")),
    }
)
EXPECTED = (Expected(), Expected(names=("y", "a", "b"), texts=frozenset({"b"})))
TYPES = (pa.string(), pa.int64(), pa.float64(), pa.bool_())
PIECES = [
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\xff", b"\xc3", b"\n", b"\r", b" ", b"null", b"\\ud800", b"\0",
    b"\\u0000", b"1e999", b"9" * 400, b"-" + b"9" * 19, b"\xef\xbb\xbf", b'"a":1,', b'"data"', b'"captureData"', b"{}",
    b"{}{}", b"=", b"[" * 300, b'{"a":' * 150, b"]" * 99, b'""', b"true", b"NaN", b"[null,1]", b"2026-02-30",
    b"\xed\xa0\x80",
]  # fmt: skip
KINDS = [
    pa.int8(), pa.uint64(), pa.float32(), pa.timestamp("ns", "Asia/Tokyo"), pa.timestamp("ms"), pa.duration("s"),
    pa.date64(), pa.time64("us"), pa.string(), pa.large_string(),
]  # fmt: skip
NESTED = pa.struct([("d", pa.list_(pa.int64())), ("e", pa.binary()), ("f", pa.map_(pa.binary(), pa.int64()))])


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _mixed(dice: random.Random, number: int) -> str:
    a, b, y = dice.randrange(10), dice.choice(["x", "y", "ü", '"q,r"', "", "2026-01-05"]), shop.score(number)
    requests = [
        f"{a},{b}",
        {"a": a, "b": b},
        {"instances": [[a, b]]},
        [[a, b]],
        [a, b],
        {"a": [None, a], "b": {"c": b}},
    ]
    return shop.capture(dice.choice(requests), dice.choice([y, {"y": float(y)}, {"predictions": [float(y)]}]), number)


def _packed(dice: random.Random, number: int) -> str:
    record = json.loads(shop.capture(f"{dice.randrange(10)},x", shop.score(number), number))
    for side in record["captureData"].values():
        side |= {"data": _base64(side["data"]), "encoding": "BASE64"}
    return json.dumps(record)


def _tensors(dice: random.Random, number: int) -> str:
    tensors = [{"name": n, "shape": [2], "datatype": "FP32", "data": [dice.randrange(9), None]} for n in ("a", "b")]
    return shop.capture({"inputs": tensors}, {"outputs": [{"name": "y", "shape": [2, 1], "data": [0.5, 0.25]}]}, number)


def _flat(dice: random.Random, number: int) -> str:
    return json.dumps({"y": number / 997, "a": dice.randrange(10), "b": dice.choice("xyz")})


def _row(dice: random.Random, number: int) -> str:
    return f"{number / 997:.3f},{dice.randrange(10)},{dice.choice(['x', 'y', chr(34) + 'q, r' + chr(34)])}"


def _inference_log(dice: random.Random, number: int) -> str:
    record = {
        "databricks_request_id": f"id-{number}",
        "timestamp_ms": 1_767_600_000_000 + number,
        "request": json.dumps({"dataframe_records": [{"a": dice.randrange(10), "b": "x"}]}),
        "response": json.dumps({"predictions": [number / 997]}),
    }
    return json.dumps(record)


def _half(dice: random.Random, number: int) -> str:
    is_request = number % 2 == 0
    data = {"instances": [[dice.randrange(10), "x"]]} if is_request else {"predictions": [0.5]}
    kind = f"org.kubeflow.serving.inference.{'request' if is_request else 'response'}"
    return json.dumps({"specversion": "1.0", "id": f"{number // 2}", "type": kind, "source": "m", "data": data})


LINES: tuple[Callable[[random.Random, int], str], ...] = (
    _mixed, _packed, _tensors, _flat, _row, _inference_log, _half,
)  # fmt: skip


def mutated(data: bytes, dice: random.Random, other: bytes, most: int = 4) -> bytes:
    """The bytes with a few flips, cuts, splices with another's, repeats and odd pieces."""
    for _ in range(dice.randrange(1, most + 1)):
        at, end = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
        ways = [
            data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :],
            data[:at] + dice.choice(PIECES) + data[at:],
            data[:at] + dice.choice(PIECES) + data[at + 1 :],
            data[:at],
            data[:at] + data[end:],
            data[:end] + data[at:],
            data[:at] + other[dice.randrange(len(other) + 1) :],
            data[:at] + data[at : at + 30] * dice.randrange(2, 50) + data[at:],
        ]
        data = dice.choice(ways)
    return data


def lines(dice: random.Random, count: int) -> list[bytes]:
    kind = dice.choice(LINES)
    clean = [kind(dice, number).encode() for number in range(count)]
    share = dice.choice([0.05, 0.3, 1.0])
    return [mutated(line, dice, dice.choice(clean)) if dice.random() < share else line for line in clean]


def file(dice: random.Random) -> bytes:
    """A whole file, packed or not, broken anywhere."""
    kind = dice.choice(LINES)
    data = "".join(f"{kind(dice, number)}\n" for number in range(dice.randrange(1, 40))).encode()
    pack = dice.choice(["", "", "document", "gzip", "zstd", "parquet", "inside"])
    if pack == "document":
        data = b"[" + b",\n".join(data.splitlines()) + b"]"
    elif pack == "parquet":
        data = _parquet(dice)
    elif pack == "inside":
        return gzip.compress(mutated(data, dice, data))
    elif pack:
        data = gzip.compress(data) if pack == "gzip" else pa.compress(data, codec="zstd", asbytes=True)
    return mutated(data, dice, data) if dice.random() < 0.95 else data


def _parquet(dice: random.Random) -> bytes:
    """A table of columns of all types; the file is broken later."""
    count = dice.randrange(1, 50)
    numbers = pa.array([dice.choice([None, i]) for i in range(count)], pa.int64())
    columns = {f"n{i}": numbers.cast(kind, safe=False) for i, kind in enumerate(dice.sample(KINDS, 5))}
    columns |= {"a": numbers, "b": pa.array(["x"] * count).dictionary_encode()}
    columns["c"] = pa.array([{"d": [None, i], "e": b"\xff", "f": [(b"k", i)]} for i in range(count)], NESTED)
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written, compression=dice.choice(["none", "snappy", "zstd"]))
    return written.getvalue()


def obeyed(batch: Batch) -> None:
    """A batch keeps what the type promises."""
    rows, count = batch.rows, batch.rows.num_rows
    rows.validate(full=True)
    assert all(kind in TYPES for kind in rows.schema.types), rows.schema
    assert len(set(rows.schema.names)) == len(rows.schema.names)
    assert {*batch.outputs} <= {*rows.schema.names}
    assert not batch.half
    for known in (batch.seconds, batch.timed, batch.ids, batch.about):
        assert known is None or len(known) == count
    assert (batch.seconds is None) == (batch.timed is None)
    assert all(n > 0 for n in batch.volume.rejected.values())


def read(path: Path, expected: Expected, format: str = "auto") -> Volume:
    """What came of a file: every batch obeys, every record is told of, and all of it can be measured."""
    batches = list(Reading([path], expected, format=format))
    for batch in batches:
        obeyed(batch)
    volume = sum((batch.volume for batch in batches), Volume())
    assert volume.rows == sum(batch.rows.num_rows for batch in batches)
    lost = sum(volume.rejected.values())
    assert lost - volume.rejected.get("too_many_columns", 0) <= volume.records <= volume.rows + lost
    assert measure(batches, BASE).volume.rows == volume.rows
    return volume


def run(seed: int, count: int, files: int, folder: Path) -> int:
    """All of it; the number of records that were found."""
    dice = random.Random(seed)
    records = left = 0
    for number in range(count // 30 + files):
        path = folder / f"{number % 8}.jsonl"  # left to see, should the process die
        is_lines = number < count // 30
        path.write_bytes(b"\n".join(lines(dice, 30)) if is_lines else file(dice))
        found = read(
            path,
            dice.choice(EXPECTED),
            dice.choice(["auto", "auto", "sagemaker", "jsonl", "csv"]) if is_lines else "auto",
        )
        records, left = records + found.records, left + found.rows
    assert left, "nothing was readable: the mutations are too wild to prove much"
    return records


def peak() -> int:
    """Megabytes; what getrusage tells counts the parent's too."""
    told = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(told.split()[1]) // 1024


if __name__ == "__main__":
    seed, count, files = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        print(count, files, run(seed, count, files, Path(name)), peak())
