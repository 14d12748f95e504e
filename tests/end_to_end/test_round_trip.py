"""Any table in any format, packed or not, in blocks of any size: decoding gives the table back.

What a format cannot tell apart is said where it is written: an empty field of CSV is a missing value, so that an empty
text and none are one; a file with a NUL outside JSON is no text.
"""

import base64
import csv
import gzip
import io
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Expected
from monitor.decode.format import Format
from monitor.decode.layout import layout_of
from monitor.decode.mapped import format_of
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.sources import files

Row = dict[str, Any]
TEXTS = (
    "", " ", "x", "007", "1e5", "NaN", "null", "true", "2026-01-05", "2026-01-05T10:00:00Z", "a,b", '"', 'say "x"',
    "two\nlines", "\r", '\r\n,"\n', "é", "日本", "\U0001f600", " x ", "[1]", "{", "\\", "\\n", "'", "\t", "#",
)  # fmt: skip
text = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=5),
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "y": st.floats(0, 1),
    "number": st.none(),  # put in later: by it the rows are known again
    "text": text,
    "whole": st.one_of(st.none(), st.integers(-(2**63) + 1, 2**63 - 1)),
    "digits": st.one_of(st.none(), st.integers(-(10**30), 10**30)),
    "fraction": st.one_of(st.none(), st.floats(allow_infinity=False)),
    "flag": st.one_of(st.none(), st.booleans()),
    "day": st.sampled_from(["2026-01-05", "2026-01-06"]),
}
NAMES = tuple(KINDS)
REQUEST = NAMES[1:]
EXPECTED = Expected(names=NAMES, texts=frozenset({"text", "digits", "day"}))
tables = st.lists(st.fixed_dictionaries(KINDS), min_size=1, max_size=9).map(
    lambda rows: [row | {"number": number} for number, row in enumerate(rows)]
)


def same(name: str, wanted: Any, found: Any) -> bool:
    """Whether a value is what was written, however the format types it."""
    if wanted is None or found is None:
        return wanted is found
    if name in ("text", "day", "digits"):
        return str(wanted) == (f"{found:.0f}" if isinstance(found, float) else str(found))
    if name in ("whole", "number"):
        return int(wanted) == int(found)
    if name == "flag":
        return str(wanted).lower() == str(found).lower()
    return float(wanted) == float(found) or (math.isnan(wanted) and math.isnan(float(found)))


def read(path: Path, expected: Expected, format: str | Format) -> list[Row]:
    batches = list(Reading([path], expected, format=format))
    volume = sum((batch.volume for batch in batches), Volume())
    assert volume.rejected == {}
    rows: list[Row] = [row for batch in batches for row in batch.rows.to_pylist()]
    return sorted(rows, key=lambda row: int(row["number"]))


# How a row is written: as CSV, where nothing and an empty text are the same, and as JSON.


def field(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def fields(row: Row, names: Sequence[str]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([field(row[name]) for name in names])
    return written.getvalue().removesuffix("\r\n")


def some(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names}


def capture(request: str, answer: str, encoding: str) -> str:
    sides = {"endpointInput": request, "endpointOutput": answer}
    return json.dumps({"captureData": {side: {"data": data, "encoding": encoding} for side, data in sides.items()}})


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


Rows = Sequence[Row]
Written = Callable[[Rows], str]


def captures_of_csv(rows: Rows) -> list[str]:
    return [capture(fields(row, REQUEST), fields(row, ["y"]), "CSV") for row in rows]


def captures_of_many_csv_rows(rows: Rows) -> list[str]:
    sides = ("\n".join(fields(row, names) for row in rows) for names in (REQUEST, ["y"]))
    return [capture(*sides, "CSV")]


def captures_of_csv_in_base64(rows: Rows) -> list[str]:
    return [capture(packed(fields(row, REQUEST)), packed(fields(row, ["y"])), "BASE64") for row in rows]


def captures_of_json(rows: Rows) -> list[str]:
    return [capture(json.dumps(some(row, REQUEST)), json.dumps({"y": row["y"]}), "JSON") for row in rows]


def captures_of_json_in_base64(rows: Rows) -> list[str]:
    sides = [(json.dumps(some(row, REQUEST)), json.dumps({"y": row["y"]})) for row in rows]
    return [capture(packed(request), packed(answer), "BASE64") for request, answer in sides]


def captures_of_json_lines(rows: Rows) -> list[str]:
    sides = ("\n".join(json.dumps(some(row, names)) for row in rows) for names in (REQUEST, ["y"]))
    return [capture(*sides, "JSON")]


def captures_of_instances(rows: Rows) -> list[str]:
    request, answer = {"instances": [some(row, REQUEST) for row in rows]}, {"predictions": [row["y"] for row in rows]}
    return [capture(json.dumps(request), json.dumps(answer), "JSON")]


def captures_of_lists(rows: Rows) -> list[str]:
    request = [[row[name] for name in REQUEST] for row in rows]
    return [capture(json.dumps(request), json.dumps([[row["y"]] for row in rows]), "JSON")]


def captures_of_instance_lists(rows: Rows) -> list[str]:
    request = {"instances": [[row[name] for name in REQUEST] for row in rows]}
    return [capture(json.dumps(request), json.dumps({"predictions": [[row["y"]] for row in rows]}), "JSON")]


def captures_of_tensors(rows: Rows) -> list[str]:
    def tensors(names: Sequence[str]) -> list[Row]:
        return [{"name": name, "shape": [len(rows)], "data": [row[name] for row in rows]} for name in names]

    return [capture(json.dumps({"inputs": tensors(REQUEST)}), json.dumps({"outputs": tensors(["y"])}), "JSON")]


def log_of_values(rows: Rows) -> list[str]:
    return [json.dumps({"id": f"{row['number']}", "q": some(row, REQUEST), "a": {"y": row["y"]}}) for row in rows]


def log_of_texts(rows: Rows) -> list[str]:
    return [json.dumps({"q": json.dumps(some(row, REQUEST)), "a": json.dumps({"y": row["y"]})}) for row in rows]


def objects(rows: Rows) -> list[str]:
    return [json.dumps(row) for row in rows]


def document(rows: Rows) -> list[str]:
    return [json.dumps(list(rows), indent=1)]


def table(rows: Rows) -> list[str]:
    return [fields(row, NAMES) for row in rows]


def table_with_header(rows: Rows) -> list[str]:
    return [",".join(NAMES), *table(rows)]


LOG = format_of(layout_of({"jsonl": {"id": "$.id", "inputs": "$.q", "outputs": "$.a"}}), "")
FIRST_ROW = 400  # bytes: of a table, the first block must hold it whole
OF_CSV = (captures_of_csv, captures_of_many_csv_rows, captures_of_csv_in_base64)
OF_JSON = (
    captures_of_json, captures_of_json_in_base64, captures_of_json_lines, captures_of_instances, captures_of_lists,
    captures_of_instance_lists, captures_of_tensors,
)  # fmt: skip
WAYS: dict[Callable[[Rows], list[str]], tuple[str | Format, str]] = {
    **dict.fromkeys((*OF_CSV, *OF_JSON), ("auto", "auto")),
    log_of_values: (LOG, "auto"),
    log_of_texts: (LOG, "auto"),
    objects: ("auto", "auto"),
    document: ("jsonl", "auto"),
    table: ("csv", "no"),
    table_with_header: ("auto", "auto"),
}
IS_CSV = (*OF_CSV, table, table_with_header)
PACKS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda data: gzip.compress(data, 1),
    "zstd": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@settings(max_examples=15)
@given(tables, st.sampled_from(list(PACKS)), st.sampled_from([7, 100, 4 << 20]))
def test_a_table_written_in_any_format_comes_back(
    tmp_path_factory: pytest.TempPathFactory, way: Callable[[Rows], list[str]], rows: Rows, pack: str, block: int
) -> None:
    format, header = WAYS[way]
    path = tmp_path_factory.mktemp("t") / "f"
    is_table = way in (table, table_with_header)
    ending = "\r\n" if is_table else "\n"
    path.write_bytes(PACKS[pack]("".join(f"{line}{ending}" for line in way(rows)).encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "BLOCK_BYTES", max(block, FIRST_ROW) if is_table else block)
        found = read(path, Expected(names=NAMES, texts=EXPECTED.texts, header=header), format)
    is_back(rows, found, is_csv=way in IS_CSV)


def is_back(rows: Rows, found: Rows, *, is_csv: bool) -> None:
    assert len(found) == len(rows)
    for row, got in zip(rows, found, strict=True):
        wanted = {name: None if is_csv and value == "" else value for name, value in row.items()}
        assert all(same(name, wanted[name], got.get(name)) for name in NAMES), (wanted, got)


PARQUET = pa.schema(
    {
        "y": pa.float64(),
        "number": pa.int64(),
        "text": pa.string(),
        "whole": pa.int64(),
        "digits": pa.string(),
        "fraction": pa.float64(),
        "flag": pa.bool_(),
        "day": pa.string(),
    }
)


@settings(max_examples=15)
@given(tables, st.sampled_from(["none", "gzip", "zstd"]), st.booleans())
def test_a_table_in_parquet_comes_back_whole_or_in_partitions(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, compression: str, is_split: bool
) -> None:
    folder = tmp_path_factory.mktemp("t")
    shown = [row | {"digits": field(row["digits"]) or None} for row in rows]
    for day in sorted({row["day"] for row in rows}) if is_split else [""]:
        part = pa.Table.from_pylist([row for row in shown if not day or row["day"] == day], PARQUET)
        place = folder / f"day={quote(day)}" if day else folder
        place.mkdir(exist_ok=True)
        pq.write_table(part.drop(["day"]) if day else part, place / "f.parquet", compression=compression)
    is_back(rows, read(folder, EXPECTED, "auto"), is_csv=False)
