"""Single things that are absurdly large, and what becomes of each; run in a process of its own, as a script.

usage: python tests/monsters.py NAME SCALE
Makes one, reads it and prints what was rejected and why, the seconds it took and the peak of memory in MB.
"""

import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fuzzing
import pyarrow as pa
import shop

from monitor.batch import Expected
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.sizes import STANDARD, Sizes

MEGABYTE = 1 << 20
Made = Callable[[float], Iterator[bytes]]


def sizes(scale: float) -> Sizes:
    """The limits for monsters of this scale: 1 is the real size."""
    return Sizes(
        line=int(STANDARD.line * scale), columns=int(STANDARD.columns * scale), values=int(STANDARD.values * scale)
    )


def count(scale: float, full: int) -> int:
    return max(int(full * scale), 1)


def captures(*payloads: object) -> Iterator[bytes]:
    for number, payload in enumerate(payloads):
        yield shop.capture(payload, "0.5", number).encode() + b"\n"


def zeros(scale: float) -> Iterator[bytes]:
    yield b"{"
    for _ in range(count(scale, 2048)):
        yield bytes(MEGABYTE)


def tiny_rows(scale: float) -> Iterator[bytes]:
    for _ in range(count(scale, 1100)):
        yield b"0,1\n" * (MEGABYTE // 4)


def long_line(scale: float) -> Iterator[bytes]:
    yield from captures("1,2")
    noise = random.Random(1).randbytes(MEGABYTE // 32).hex().encode()  # else the file grows too much before the line
    for _ in range(count(scale, 1024)):
        yield noise + b"x" * (MEGABYTE - len(noise))
    yield b"\n"
    yield from captures("3,4")


def long_first_line(scale: float) -> Iterator[bytes]:
    for _ in range(count(scale, 128)):
        yield b"x" * MEGABYTE
    yield b"\n"
    yield from captures("1,2", "3,4")


def deep(scale: float) -> Iterator[bytes]:
    depth = count(scale, 100_000)
    yield from captures("1,2")
    yield b'{"captureData":{"endpointInput":' + b"[" * depth + b"]" * depth + b"}}\n"
    yield from captures("3,4")


def deep_payload(scale: float) -> Iterator[bytes]:
    depth = count(scale, 100_000)
    record = json.loads(shop.capture({"a": 1}, "0.5", 1))
    record["captureData"]["endpointInput"]["data"] = "[" * depth + "]" * depth
    yield from captures({"a": 1})
    yield json.dumps(record).encode() + b"\n"
    yield from captures({"a": 2})


def many_keys(scale: float) -> Iterator[bytes]:
    yield b'{"a":1}\n{'
    yield b",".join(b'"k%d":%d' % (i, i) for i in range(count(scale, 900_000)))
    yield b'}\n{"a":2}\n'


def many_values(scale: float) -> Iterator[bytes]:
    yield from captures([1, 2], [1] * count(scale, 10_000_000), [3, 4])


def new_keys(scale: float) -> Iterator[bytes]:
    for i in range(count(scale, 320_000)):
        yield b'{"k%d":1}\n' % i


def objects_on_a_line(scale: float) -> Iterator[bytes]:
    yield b'{"a":1}\n' + b'{"a":1}' * count(scale, 300_000) + b'\n{"a":2}\n'


def wide_table(scale: float) -> Iterator[bytes]:
    for _ in range(3):
        yield b",".join([b"1"] * count(scale, 100_000)) + b"\n"


# What is made, what it is packed with, the rows that are read all the same, and what is said of the rest.
MONSTERS: dict[str, tuple[Made, str, int | None, str, str]] = {
    "zeros in gzip": (zeros, "gzip", 0, "line_too_long", "limit `line`"),
    "zeros in zstd": (zeros, "zstd", 0, "line_too_long", "limit `line`"),
    "rows in gzip": (tiny_rows, "gzip", None, "unpacked_size", "limit `unpacked`"),
    "rows in zstd": (tiny_rows, "zstd", None, "unpacked_size", "limit `unpacked`"),
    "a long line": (long_line, "gzip", 2, "line_too_long", "limit `line`"),
    "a long first line": (long_first_line, "", 2, "line_too_long", "limit `line`"),
    "deep": (deep, "", 2, "too_deep", "limit `depth`"),
    "a deep payload": (deep_payload, "", 2, "too_deep", "limit `depth`"),
    "many keys": (many_keys, "", 2, "too_many_columns", "limit `columns`"),
    "many values": (many_values, "", 2, "too_many_values", "limit `values`"),
    "new keys in each record": (new_keys, "", None, "too_many_columns", "(limit `columns`"),
    "many objects on a line": (objects_on_a_line, "", None, "", ""),
    "a wide table": (wide_table, "", 0, "too_many_columns", "limit `columns`"),
}


def write(name: str, scale: float, path: Path) -> None:
    made, pack, *_ = MONSTERS[name]
    if not pack:
        path.write_bytes(b"".join(made(scale)))
    elif pack == "gzip":
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.writelines(made(scale))
    else:
        with pa.output_stream(str(path), compression=pack) as stream:
            for part in made(scale):
                stream.write(part)


def read(path: Path, limits: Sizes) -> tuple[Volume, dict[str, str]]:
    """What came of the file, and of each reason for rejects the first explanation."""
    volume, whys = Volume(), dict[str, str]()
    for batch in Reading([path], Expected(sizes=limits)):
        fuzzing.obeyed(batch)
        volume += batch.volume
        for sample in batch.rejects:
            whys.setdefault(sample.reason, sample.why)
    return volume, whys


if __name__ == "__main__":
    name, scale = sys.argv[1], float(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monster"
        write(name, scale, path)
        started = time.monotonic()
        volume, whys = read(path, sizes(scale))
        told = {
            "rows": volume.rows,
            "rejected": dict(volume.rejected),
            "why": whys,
            "seconds": time.monotonic() - started,
        }
        print(json.dumps(told | {"peak": fuzzing.peak()}))
