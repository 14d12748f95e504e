"""Records of a window out of blocks that hold others too."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from monitor.batch import Batch, Block, Expected
from monitor.decode import csv_table, mapped, sagemaker
from monitor.decode.chosen import blanked
from monitor.decode.halves import paired
from monitor.decode.layout import layout_of
from monitor.profile import Volume
from monitor.selection import Selection
from monitor.window import Window

T0 = datetime(2026, 1, 5, tzinfo=UTC)
LAYOUT = layout_of({"jsonl": {"id": "$.id", "time": "$.ts", "inputs": "$.in"}})
APART = layout_of({"jsonl": {"id": "$.id", "time": "$.ts", "kind": "$.kind", "inputs": "$.in", "outputs": "$.in"}})


def at(second: float) -> str:
    return f"{T0 + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


def selection(start: float, end: float, slack: float = 60) -> Selection:
    window = Window(start=T0 + timedelta(seconds=start), end=T0 + timedelta(seconds=end))
    chosen = Selection(window, slack=timedelta(seconds=slack))
    chosen.begin("f", T0)
    return chosen


def blocks(*texts: str) -> list[Block]:
    found, line = [], 1
    for text in texts:
        found.append(Block(data=text.encode(), path="f", line=line, is_first=line == 1))
        line += text.count("\n")
    return found


def read(given: Sequence[Block], chosen: Selection, layout: Any = LAYOUT) -> list[Batch]:
    expected = Expected(selection=chosen)
    return list(paired(mapped.decode(iter(given), expected, layout), expected))


def rows(batches: Sequence[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.rows.to_pylist()]


def volume(batches: Sequence[Batch]) -> Volume:
    return sum((batch.volume for batch in batches), Volume())


def record(number: int, second: float | None, **values: Any) -> str:
    return json.dumps({"id": f"i{number}", "ts": None if second is None else at(second), "in": values})


def test_columns_that_only_records_of_other_windows_have_are_not_there() -> None:
    lines = [record(1, 0, a=1, old=2), record(2, 10, a=3, b={"new": 4}), record(3, 10, a=5)]
    batches = read(blocks("\n".join(lines)), selection(10, 20))
    assert rows(batches) == [{"a": 3, "b.new": 4}, {"a": 5, "b.new": None}]
    assert rows(read(blocks("\n".join(lines)), selection(0, 10))) == [{"a": 1, "old": 2}]


def test_records_of_several_windows_on_one_line_are_each_in_theirs() -> None:
    line = record(1, 0, a=1) + record(2, 10, a=2) + record(3, 20, a=3)
    for start, number in ((0, 1), (10, 2), (20, 3)):
        batches = read(blocks(f"{record(9, 99, a=9)}\n{line}\n"), selection(start, start + 10))
        assert (rows(batches), volume(batches).records) == ([{"a": number}], 1)
        captures = "".join(
            json.dumps(
                {"captureData": {"endpointInput": {"data": f"{n},x"}}, "eventMetadata": {"inferenceTime": at(s)}}
            )
            for n, s in ((1, 0), (2, 10), (3, 20))
        )
        expected = Expected(names=("a", "b"), selection=selection(start, start + 10))
        assert rows(list(sagemaker.decode(iter(blocks(captures)), expected))) == [{"a": f"{number}", "b": "x"}]


def test_rejects_are_in_the_window_of_the_record_before_them_and_say_where_they_stood() -> None:
    lines = [record(1, 0, a=1), "garbage", record(2, 10, a=2), "[]", "\udcff", record(3, 0, a=1), "{"]
    given = "\n".join(lines).encode(errors="surrogateescape")
    found = {}
    for start in (0, 10):
        batches = read([Block(data=given, path="f", line=5, is_first=True)], selection(start, start + 10))
        found[start] = [(s.line, s.reason) for batch in batches for s in batch.rejects]
        assert volume(batches).records == (4 if start == 0 else 3)
    assert found == {0: [(6, "not_json"), (11, "not_json")], 10: [(8, "not_an_object"), (9, "not_utf8")]}


@pytest.mark.parametrize("decode", [sagemaker.decode, csv_table.decode, lambda b, e: mapped.decode(b, e, LAYOUT)])
def test_a_line_that_is_too_long_is_in_one_window(decode: Any) -> None:
    trouble = Block(data=b"", path="f", line=1, is_first=True, trouble="longer than 9 bytes", reason="line_too_long")
    for start, count in ((-10, 0), (0, 1), (10, 0)):  # the file's own time is 0
        batches = list(decode(iter([trouble]), Expected(selection=selection(start, start + 10))))
        assert volume(batches).rejected == ({"line_too_long": 1} if count else {})


def half(kind: str, number: int, second: float) -> str:
    return json.dumps({"id": f"i{number}", "ts": at(second), "kind": kind, "in": {"instances": [[number]]}})


def test_a_pair_is_in_the_window_of_its_request() -> None:
    given = blocks(f"{half('request', 1, 9)}\n{half('response', 1, 12)}\n{half('request', 2, 12)}\n")
    first, second = (read(given, selection(start, start + 10), APART) for start in (0, 10))
    assert (volume(first).records, volume(first).both, volume(first).rejected) == (1, 1, {})
    assert (volume(second).records, volume(second).both, volume(second).rejected) == (1, 0, {"unpaired": 1})
    assert [batch.half for batch in first + second if batch.half] == []


def test_an_answer_further_off_than_the_slack_is_not_looked_for_and_each_half_is_alone_in_its_window() -> None:
    given = blocks(f"{half('request', 1, 9)}\n{half('response', 1, 75)}\n")
    for slack, paired_, alone in ((60, 0, 1), (66, 1, 0)):
        first = volume(read(given, selection(0, 10, slack), APART))
        second = volume(read(given, selection(70, 80, slack), APART))
        assert (first.both, first.rejected.get("unpaired", 0)) == (paired_, alone)
        assert second.rejected.get("unpaired", 0) == alone
    chosen = selection(0, 10)
    read(given, chosen, APART)
    seen = chosen.seen["f"]
    assert (seen.rows, seen.outside, seen.is_half) == (1, 1, True)


def test_requests_of_a_window_without_answers_wait_for_none_where_others_of_the_block_were_answered() -> None:
    given = blocks(f"{half('request', 1, 0)}\n{half('request', 2, 500)}\n{half('response', 2, 500)}\n")
    assert volume(read(given, selection(0, 10), APART)).rejected == {"unpaired": 1}


def test_blank_lines_stand_in_the_place_of_others() -> None:
    assert blanked(b"a\nb\n\nc", np.array([1, 3])) == b"\nb\n\nc"
    assert blanked(b"a\nb\n", np.array([0])) == b"a\n\n"
