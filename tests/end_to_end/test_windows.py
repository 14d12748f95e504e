"""A row of contiguous windows over any captures: every record and every reject is in exactly one of them.

And what a window takes is what a file with just these records holds, so that no neighbour shows in its profile.
"""

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shop
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Expected
from monitor.decode.format import Format
from monitor.decode.layout import layout_of
from monitor.decode.mapped import format_of
from monitor.document import to_document
from monitor.expression import parsed
from monitor.feature import Categorical, Numeric
from monitor.intake import Intake
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.selection import Selection
from monitor.sources import files, parquet
from monitor.window import Window

T0 = shop.START
WHOLE = 1 << 20
BASE = Profile(
    features={
        "y": Numeric(name="y", type="Fractional", cells=np.zeros(5, np.int64), cuts=np.array([0.5]), high=1.0),
        "a": Numeric(name="a", type="Integral", cells=np.zeros(5, np.int64), cuts=np.array([5.0]), high=9.0),
        "b": Categorical(name="b", type="String", cells=np.zeros(5, np.int64), values=("x", "z")),
    }
)
EXPECTED = Expected(names=("y", "a", "b"), texts=frozenset({"b"}))


@dataclass(frozen=True)
class Event:
    """A capture, a garbage line, or a row of a table. `at`: tenths of a second after the start, None without a time."""

    number: int
    at: int | None
    a: int
    b: str
    kind: str
    rows: int

    @property
    def time(self) -> str | None:
        if self.at is None:
            return None
        at = T0 + timedelta(milliseconds=100 * self.at)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{self.at % 10}Z"


KINDS = ("good", "good", "good", "good", "good", "untimed", "garbage", "other", "torn")
SPAN = 600  # tenths of a second
events = st.lists(
    st.tuples(
        st.integers(0, SPAN - 1), st.integers(0, 9), st.sampled_from("xz?"), st.sampled_from(KINDS), st.integers(1, 3)
    ),
    max_size=30,
).map(
    lambda found: [
        Event(number=i, at=None if kind == "untimed" else at, a=a, b=b, kind=kind, rows=rows)
        for i, (at, a, b, kind, rows) in enumerate(found)
    ]
)
good = events.map(lambda found: [replace(event, kind="good") for event in found if event.at is not None])
edges = st.lists(st.integers(-10, 80), max_size=5, unique=True).map(sorted)


def row_of(marks: Sequence[int]) -> list[Window]:
    """Contiguous windows over all time."""
    ends = [
        datetime(1970, 1, 1, tzinfo=UTC),
        *(T0 + timedelta(seconds=m) for m in marks),
        datetime(9999, 1, 1, tzinfo=UTC),
    ]
    return [Window(start=a, end=b) for a, b in pairwise(ends)]


PLAIN = Roles()


@dataclass(frozen=True)
class Log:
    """A way to write events down, and to read them."""

    write: Callable[[Path, Sequence[Event]], None]
    format: str | Format = "auto"
    roles: Roles = PLAIN
    dated: bool = True
    condition: str = ""


def _lines(line: Callable[[Event], str], head: str = "") -> Callable[[Path, Sequence[Event]], None]:
    def write(folder: Path, found: Sequence[Event]) -> None:
        for place in range(2):  # two files
            lines = [_odd(event) or line(event) for event in found if event.number % 5 // 3 == place]
            (folder / f"{place}.log").write_text("".join(f"{text}\n" for text in [head, *lines] if text))

    return write


def _odd(event: Event) -> str:
    return {"garbage": "garbage,1", "torn": '{"torn": '}.get(event.kind, "")


def _capture(event: Event) -> str:
    requests = "\n".join(f"{event.a},{event.b}" for _ in range(event.rows))
    answers = "\n".join(["0.25"] * (event.rows + (event.kind == "other")))  # rows that differ
    record = json.loads(shop.capture(requests, answers, event.number))
    record["eventMetadata"]["inferenceTime"] = event.time
    return json.dumps(record)


def _json_capture(event: Event) -> str:
    answer: Any = {"y": 0.75} if event.kind != "other" else [[[1]]]
    record = json.loads(shop.capture({"a": event.a, "b": event.b, f"more{event.number % 3}": 1}, answer, event.number))
    record["eventMetadata"]["inferenceTime"] = event.time
    return json.dumps(record)


def _stamped_capture(event: Event) -> str:
    """The rows' times are in the request; the envelope's is another."""
    rows = _stamped(event)
    record = json.loads(shop.capture(rows, [{"y": 0.5}] * event.rows, event.number))
    record["eventMetadata"]["inferenceTime"] = event.time
    return json.dumps(record)


def _stamped(event: Event) -> list[dict[str, Any]]:
    """Rows of a request seven seconds apart; some have no time."""
    start = T0.timestamp() + (event.at or 0) / 10
    more = [{"ts": start + 7 * i} if event.number % 4 else {} for i in range(event.rows)]
    return [{"a": event.a, "b": event.b, **time} for time in more]


def _stamped_rows(event: Event) -> str:
    return json.dumps({"id": f"i{event.number}", "ts": event.time, "in": {"instances": _stamped(event)}})


def _wrapped(event: Event) -> str:
    return json.dumps({"instances": _stamped(event)})


def _mapped(event: Event) -> str:
    asked = [{"a": event.a, "b": event.b, f"more{event.number % 3}": 1}] * event.rows
    told: Any = [{"y": 0.25}] * (event.rows + (event.kind == "other"))
    record = {"id": f"i{event.number}", "ts": event.time, "in": {"instances": asked}, "out": {"predictions": told}}
    if event.number % 7 == 6:
        del record["out"]
    return json.dumps(record)


def _halves(folder: Path, found: Sequence[Event], request: Callable[[Event], Any] | None = None) -> None:
    """A request and its answer some seconds later, in files of their own; some alone."""
    lines: list[list[str]] = [[], [], []]
    for event in found:
        if _odd(event):
            lines[event.number % 3].append(_odd(event))
            continue
        later = replace(event, at=None if event.at is None else event.at + 40 * (event.number % 4))
        asked = request(event) if request is not None else [[event.a, event.b]] * event.rows
        bodies = {"request": {"instances": asked}}
        bodies["response"] = {"predictions": [[0.5]] * (event.rows + (event.kind == "other"))}
        for place, (kind, body) in enumerate(bodies.items()):
            if event.number % 8 == 7 and place == event.number // 8 % 2:
                continue
            time = (event, later)[place].time
            record = {"id": f"i{event.number}", "ts": time, "kind": kind, "body": body}
            lines[(event.number + place) % 3].append(json.dumps(record))
    for place, texts in enumerate(lines):
        shop.write(folder / f"{place}.log", texts)


def _stamped_halves(folder: Path, found: Sequence[Event]) -> None:
    _halves(folder, found, _stamped)


def _flat(event: Event) -> str:
    names = {"id": f"i{event.number}", "ts": event.time, "y": 0.25, "a": event.a, "b": event.b}
    return json.dumps(names | {f"more{event.number % 3}": event.a} | ({"c": [1]} if event.kind == "other" else {}))


def _row(event: Event) -> str:
    beside = ",1" if event.kind == "other" else ""
    return f"i{event.number},{event.time or ''},0.25,{event.a},{event.b}{beside}"


def _parquet(folder: Path, found: Sequence[Event]) -> None:
    for place in range(2):
        chosen = [event for event in found if event.number % 2 == place]
        columns: dict[str, Any] = {
            "id": pa.array([f"i{event.number}" for event in chosen], pa.string()),
            "ts": pa.array(
                [None if e.at is None else T0 + timedelta(milliseconds=100 * e.at) for e in chosen],
                pa.timestamp("us", "UTC"),
            ),
            "y": pa.array([0.25] * len(chosen), pa.float64()),
            "a": pa.array([event.a for event in chosen], pa.int64()),
            "b": pa.array([event.b for event in chosen], pa.string()),
        }
        pq.write_table(pa.table(columns), folder / f"{place}.parquet")


MAPPED = format_of(
    layout_of({"jsonl": {"id": "$.id", "time": "$.ts", "inputs": "$.in", "outputs": "$.out", "besides": ["$.ts"]}}), "m"
)
MAPPED_ROWS = format_of(layout_of({"jsonl": {"id": "$.id", "time": "$.ts", "inputs": "$.in"}}), "r")
APART = format_of(
    layout_of({"jsonl": {"id": "$.id", "time": "$.ts", "kind": "$.kind", "inputs": "$.body", "outputs": "$.body"}}), "h"
)
BY_COLUMN = Roles(id="id", time="ts")
LOGS = {
    "sagemaker CSV": Log(_lines(_capture), "sagemaker"),
    "sagemaker JSON": Log(_lines(_json_capture), "sagemaker"),
    "sagemaker, a column has the time": Log(_lines(_stamped_capture), "sagemaker", Roles(time="ts"), dated=False),
    "sagemaker, no row has the column": Log(_lines(_capture), "sagemaker", Roles(time="at"), dated=False),
    "mapped": Log(_lines(_mapped), MAPPED),
    "mapped, what it says besides has the time": Log(_lines(_mapped), MAPPED, Roles(time="ts")),
    "mapped, a column has the time": Log(_lines(_stamped_rows), MAPPED_ROWS, Roles(time="ts"), dated=False),
    "JSON Lines of several rows": Log(_lines(_wrapped), "jsonl", Roles(time="ts"), dated=False),
    "halves, a column has the time": Log(_stamped_halves, APART, Roles(time="ts"), dated=False),
    "halves": Log(_halves, APART),
    "halves, a column that is not there": Log(_halves, APART, Roles(time="at"), dated=False),
    "JSON Lines": Log(_lines(_flat), "jsonl", BY_COLUMN),
    "JSON Lines without a time": Log(_lines(_flat), "jsonl", Roles(id="id", exclude=("ts",)), dated=False),
    "CSV": Log(_lines(_row, "id,ts,y,a,b"), "csv", BY_COLUMN),
    "CSV, a condition": Log(_lines(_row, "id,ts,y,a,b"), "csv", BY_COLUMN, condition="a > 3"),
    "sagemaker, a condition": Log(_lines(_stamped_capture), "sagemaker", Roles(time="ts"), False, "a > 3"),
    "CSV without a time": Log(_lines(_row, "id,ts,y,a,b"), "csv", dated=False),
    "Parquet": Log(_parquet, "parquet", BY_COLUMN),
    "Parquet without a time": Log(_parquet, "parquet", dated=False),
}


@contextmanager
def written(log: Log, found: Sequence[Event], block_bytes: int = 700) -> Iterator[Path]:
    """The events in files that were last changed half a minute after the start, and are read in small blocks."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "BLOCK_BYTES", block_bytes)
        patch.setattr(parquet, "BATCH_ROWS", 4)
        folder = Path(name)
        log.write(folder, found)
        for path in folder.iterdir():
            os.utime(path, (T0.timestamp() + 30.5,) * 2)
        yield folder


def read(log: Log, folder: Path, selection: Selection | None = None) -> Profile:
    reading = Reading([folder], replace(EXPECTED, selection=selection), log.format)
    where = parsed(log.condition) if log.condition else None
    return measure(Intake(reading, log.roles, where, selection), BASE)


def counts(profile: Profile) -> Any:
    """What is the same however the rows lie; what nobody has is left out."""
    document = to_document(profile)
    for feature in document["features"].values():
        for name in ("by_order", "absent", "role"):  # absent: of a block in which another row has the column
            feature.pop(name, None)
    document["extra"] = {name: count for name, count in profile.extra.items() if count}
    document.pop("positions")
    return document


def differences(mine: Any, other: Any, at: str = "") -> Iterator[str]:
    """Where two documents differ; sums of fractions do not by the order in which they were added."""
    if isinstance(mine, dict) and isinstance(other, dict):
        for name in sorted({*mine, *other}):
            yield from differences(mine.get(name), other.get(name), f"{at}.{name}")
    elif isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        for place, (one, two) in enumerate(zip(mine, other, strict=True)):
            yield from differences(one, two, f"{at}[{place}]")
    elif isinstance(mine, float) and isinstance(other, float):
        if not math.isclose(mine, other, rel_tol=1e-9, abs_tol=1e-9):
            yield f"{at}: {mine} {other}"
    elif mine != other:
        yield f"{at}: {mine} {other}"


@pytest.mark.parametrize("name", LOGS)
@settings(deadline=None, max_examples=10)
@given(found=events, marks=edges)
def test_windows_in_a_row_hold_everything_once(name: str, found: list[Event], marks: list[int]) -> None:
    log = LOGS[name]
    with written(log, found) as folder:
        whole = read(log, folder)
        selections = [Selection(window, column=log.roles.time) for window in row_of(marks)]
        parts = [read(log, folder, selection) for selection in selections]
    total = parts[0]
    for part in parts[1:]:
        total += part
    assert list(differences(counts(total), counts(whole))) == []
    lines = {path: sum(s.seen[path].rows for s in selections) for path in selections[0].seen}
    for selection in selections:
        assert {path: seen.rows + seen.outside for path, seen in selection.seen.items()} == lines


@pytest.mark.parametrize("name", [name for name, log in LOGS.items() if log.dated])
@settings(deadline=None, max_examples=10)
@given(found=good, marks=edges)
def test_a_window_is_what_a_file_of_its_records_is(name: str, found: list[Event], marks: list[int]) -> None:
    log = LOGS[name]
    if log.format is APART:  # an answer of the next window goes with its request
        found = [event for event in found if event.number % 8 != 7]
    for window in row_of(marks):
        mine = [e for e in found if e.at is not None and T0 + timedelta(milliseconds=100 * e.at) in window]
        with written(log, found, WHOLE) as folder:  # in the same block as the others
            part = read(log, folder, Selection(window, column=log.roles.time))
        with written(log, mine, WHOLE) as folder:
            alone = read(log, folder)
        first, last = part.volume.first, part.volume.last
        if log.format is APART:  # times of halves are their own
            part = replace(part, volume=replace(part.volume, first=alone.volume.first, last=alone.volume.last))
        assert list(differences(to_document(part), to_document(alone))) == []
        assert all(at is None or at in window for at in (first, last))
