"""A preprocessor in the place of a capture format: rows as it returns them, and every record accounted for."""

import gzip
import json
import math
import os
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shop
from scripts import examples
from scripts.examples import captures, returning, written

from monitor.batch import Batch, Expected
from monitor.child.limits import Limits
from monitor.decode.format import Format
from monitor.decode.layout import layout_of
from monitor.decode.mapped import format_of
from monitor.intake import Intake
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.scripts.preprocess import PIECE_BYTES, Preprocessed, _pieces
from monitor.scripts.script import ScriptFailed, script
from monitor.selection import Selection
from monitor.window import Window

LIMITS = Limits(seconds=3, memory_bytes=256 << 20)


def through(path: Path, captured: Path, expected: Expected | None = None, format: str = "auto") -> Preprocessed:
    reading = Reading([captured], expected or Expected(), format)
    return Preprocessed(reading, script(path, "preprocess_handler", LIMITS))


def volume(batches: list[Batch]) -> Volume:
    return sum((batch.volume for batch in batches), Volume())


def rows(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.rows.to_pylist()]


# The published uses


def test_an_array_in_the_answer_becomes_columns(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1", "2"], [[1.0, 2.5], [0.25, 3.0]])
    found = list(through(written(tmp_path, examples.ARRAY), captured))
    assert rows(found) == [
        {"prediction0": 1.0, "prediction1": 2.5},
        {"prediction0": 0.25, "prediction1": 3.0},
    ]
    assert found[0].outputs == ("prediction0", "prediction1")


def test_minus_one_becomes_a_missing_value(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["5,-1,x", "-1,,y"], ["0", "1"])
    found = list(through(written(tmp_path, examples.MINUS_ONE), captured))
    assert rows(found) == [{"0": "5", "1": None, "2": "x"}, {"0": None, "1": None, "2": "y"}]


def test_a_sample_of_a_tenth_is_counted_as_dropped_and_drawn_again_the_same(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", [f"{i},x" for i in range(3000)], ["0.5"] * 3000)
    read = through(written(tmp_path, examples.SAMPLING), captured)
    first = list(read)
    total = volume(first)
    assert total.records == total.rows + total.dropped == 3000
    assert total.rejected == {}
    assert abs(total.rows - 300) < 4 * math.sqrt(3000 * 0.1 * 0.9)
    assert rows(list(read)) == rows(first)


def test_instances_and_predictions_become_a_row_each_with_the_records_time(tmp_path: Path) -> None:
    requests = [{"instances": [[1.0, 2.0], [3.0, 4.0]]}, {"instances": [[5.0, 6.0]]}]
    answers = [{"predictions": [[0.25], [0.75]]}, {"predictions": [[0.5]]}]
    captured = captures(tmp_path / "a.jsonl", requests, answers)
    read = through(written(tmp_path, examples.TENSORFLOW), captured, Expected(names=("y", "a", "b")))
    (found,) = list(read)
    assert rows([found]) == [
        {"y": 0.25, "a": 1.0, "b": 2.0},
        {"y": 0.75, "a": 3.0, "b": 4.0},
        {"y": 0.5, "a": 5.0, "b": 6.0},
    ]
    start = int(shop.START.timestamp())
    assert found.seconds is not None
    assert found.seconds.tolist() == [start, start, start + 5]
    assert found.ids is not None
    assert found.ids.to_pylist() == ["id-0", "id-0", "id-1"]
    assert (found.positions, found.outputs) == (True, ("y",))
    assert (found.volume.records, found.volume.rows, found.volume.both) == (2, 3, 2)
    assert read.said.told() == ("info: 2 instances", "info: 1 instances")


def test_records_that_call_themselves_tests_are_dropped(tmp_path: Path) -> None:
    attributes = [{"testIndicator": "true"}, {"testIndicator": "false"}, {}]
    captured = captures(tmp_path / "a.jsonl", ["1,x", "2,y", "3,z", "4,w"], ["0.5\n"] * 4, attributes)
    found = list(through(written(tmp_path, examples.TEST_TRAFFIC), captured, Expected(names=("y", "a", "b"))))
    assert rows(found) == [
        {"y": "0.5", "a": "2", "b": "y"},
        {"y": "0.5", "a": "3", "b": "z"},
        {"y": "0.5", "a": "4", "b": "w"},
    ]
    assert (volume(found).dropped, volume(found).rejected) == (1, {})


def test_scripts_of_the_first_interface_run(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", [{"a": 1}, "1,2"], [{"y": 0.5}, {"y": 1.5}])
    found = list(through(written(tmp_path, examples.FIRST_INTERFACE), captured))
    assert rows(found) == [{"a": 1, "event": "id-0", "y": 0.5}, {"a": None, "event": "id-1", "y": 1.5}]


# What is read


def test_ids_times_and_both_sides_are_counted_as_without_a_script(tmp_path: Path) -> None:
    lines = [shop.capture(f"{i},x", shop.score(i), i % 40) for i in range(60)]
    lines[3] = lines[3].replace("id-3", "other").replace("endpointOutput", "somethingElse")
    captured = shop.write(tmp_path / "a.jsonl", lines)
    names = Expected(names=("y", "a", "b"))
    plain = volume(list(Reading([captured], names)))
    found = volume(list(through(returning(tmp_path, "{'a': fields[0], 'b': fields[1], 'y': '1'}"), captured, names)))
    for name in ("records", "both", "first", "last", "with_id", "ids"):
        assert getattr(found, name) == getattr(plain, name), name
    assert (found.rows, found.both) == (60, 59)
    assert found.last == shop.START + timedelta(seconds=5 * 39)


def test_lines_of_a_table_come_as_text_without_the_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbfa,b\r\n1,x\r\n\r\n2,y\r\n")
    path = written(tmp_path, "def preprocess_handler(line):\n    return dict(zip('ba', line.split(',')))")
    found = list(through(path, tmp_path / "t.csv"))
    assert rows(found) == [{"a": "x", "b": "1"}, {"a": "y", "b": "2"}]
    assert (volume(found).records, found[0].seconds) == (2, None)


def test_lines_of_json_that_are_no_captures_come_as_dicts(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl.gz").write_bytes(gzip.compress(b'{"in": {"a": 1}}\n{"in": {"a": 2}}\n[1]\n'))
    path = written(tmp_path, "def preprocess_handler(record):\n    return record['in']")
    found = list(through(path, tmp_path / "t.jsonl.gz"))
    assert rows(found) == [{"a": 1}, {"a": 2}]
    assert volume(found).rejected == {"not_a_flat_object": 1}


def test_every_line_that_is_no_capture_is_rejected_with_its_reason_and_place(tmp_path: Path) -> None:
    good = shop.capture("1", "2", 0).encode()
    odd = [b"{", b"\xff", b"[1]", b'{"captureData": 5}', b'{"x": "\\ud800"}', b'{"a":' * 20_000]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([good, *odd, good]))
    found = list(through(returning(tmp_path, "{'a': fields[0]}"), tmp_path / "a.jsonl", format="sagemaker"))
    assert volume(found).rejected == {"not_a_capture": 2, "not_json": 2, "not_utf8": 1, "too_deep": 1}
    places = [(sample.line, sample.reason) for batch in found for sample in batch.rejects]
    reasons = ["not_json", "not_utf8", "not_a_capture", "not_a_capture", "not_json", "too_deep"]
    assert places == list(enumerate(reasons, start=2))
    assert rows(found) == [{"a": "1"}, {"a": "1"}]


def test_a_file_that_cannot_be_read_is_told_as_without_a_script(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.bin").write_bytes(b"{\x00")
    (tmp_path / "data" / "b.gz").write_bytes(gzip.compress(b"1,2\n" * 9999)[:-9])
    found = list(through(returning(tmp_path, "[]"), tmp_path / "data"))
    assert volume(found).rejected == {"not_text": 1, "unreadable": 1}


# Columns


@pytest.mark.parametrize(
    ("answer", "names", "first", "rejected"),
    [
        ("{'p': 1, 'q': 2}", ("y", "a"), {"y": 1, "a": 2}, {}),
        ("{'p': 1, 'a': 2}", ("y", "a"), {"a": 2, "p": 1}, {}),
        ("{'p': 1}", ("y", "a"), {"p": 1}, {}),
        ("{'00': 1}", ("y", "a"), None, {"column_count": 1}),
        ("[{'00': 1, '01': 2}, {'00': 1}]", ("y", "a"), None, {"column_count": 1}),
        ("{'00': 1}", (), {"00": 1}, {}),
    ],
)
def test_names_are_the_baselines_by_place_where_it_knows_none_of_them(
    tmp_path: Path, answer: str, names: tuple[str, ...], first: dict[str, Any] | None, rejected: dict[str, int]
) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1"], ["0"])
    found = list(through(returning(tmp_path, answer), captured, Expected(names=names)))
    assert rows(found) == ([first] if first else [])
    assert volume(found).rejected == rejected
    if rejected:
        assert volume(found).widths == {"1": 1}
        assert found[0].rejects[0].why == "1 columns without names; 2 would be right"


def test_columns_are_typed_by_all_of_their_values_and_texts_of_the_baseline_stay_texts(tmp_path: Path) -> None:
    values = (
        "{'i': int(fields[0]), 'f': float(fields[0]), 'm': fields[0] if fields[0] == '1' else 2, 'z': 7, 'b': True}"
    )
    captured = captures(tmp_path / "a.jsonl", ["1", "2", str(2**70)], ["0"] * 3)
    expected = Expected(names=("i", "f", "m", "z", "b"), texts=frozenset({"z"}))
    (found,) = list(through(returning(tmp_path, values), captured, expected))
    assert {field.name: str(field.type) for field in found.rows.schema} == {
        "b": "bool", "f": "double", "i": "double", "m": "string", "z": "string"
    }  # fmt: skip
    assert found.rows["m"].to_pylist() == ["1", "2", "2"]
    assert found.rows["z"].to_pylist() == ["7"] * 3


def test_scores_are_the_answer_and_flags_that_agree_with_a_label_are_not(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1,0.5"] * 3, ["0.25,1", "0.5,1", "1,0.5"])
    body = "{'score': record.endpoint_output.data.split(',')[0], 'flag': fields[0], 'other': fields[1], 'n': None}"
    (found,) = list(through(returning(tmp_path, body), captured))
    assert found.outputs == ("score",)


# A property


ANSWERS = [
    "{'a': fields[0]}",
    "[]",
    "{}",
    "[{'a': 1}, {'a': 2}]",
    "None",
    "1/0",
    "{'a': []}",
    "[{'a': 1}, 3]",
    "exit(3)",
]


@pytest.mark.parametrize("seed", range(4))
def test_every_record_is_rows_a_reject_or_dropped(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    lines: list[str] = []
    rejected = dropped = several = 0
    while sum(map(len, lines)) < 2.5 * PIECE_BYTES:
        which = dice.randrange(len(ANSWERS) + 1)
        if which == len(ANSWERS):
            lines.append(dice.choice(["{} {}", "[]", "{", "nonsense"]))
        else:
            lines.append(shop.capture(f"{which}", "0", len(lines)))
        dropped += which == 1
        several += which == 3
        rejected += which in (2, 4, 5, 6, 7, 8, len(ANSWERS))
    captured = shop.write(tmp_path / "a.jsonl", [line + "\n" * dice.choice([0, 0, 1]) for line in lines])
    body = f"[{', '.join(f'lambda: {answer}' for answer in ANSWERS)}][int(fields[0])]()"
    found = list(through(returning(tmp_path, body), captured, format="sagemaker"))
    total = volume(found)
    assert len(found) == 3
    assert total.records == len(lines)
    assert (sum(total.rejected.values()), total.dropped) == (rejected, dropped)
    assert total.rows == len(rows(found)) == total.records - rejected - dropped + several
    assert all(len(batch.rejects) <= 5 * len(batch.volume.rejected) for batch in found)


def test_pieces_are_whole_lines_with_the_number_of_the_first() -> None:
    data = b"".join(b"x" * (i % 7000) + b"\n" for i in range(900)) + b"y" * (PIECE_BYTES + 5) + b"\nlast"
    found = list(_pieces(data, 10))
    assert b"".join(piece for piece, _ in found) == data
    assert all(piece.endswith(b"\n") for piece, _ in found[:-1])
    assert [number for _, number in found] == [
        10 + b"".join(piece for piece, _ in found[:i]).count(b"\n") for i in range(len(found))
    ]
    assert max(len(piece) for piece, _ in found[:-2]) <= PIECE_BYTES


# What breaks


def test_a_record_on_which_it_raises_is_one_reject_with_the_scripts_line(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1,x", "2", "3,z"], ["0"] * 3)
    found = list(through(returning(tmp_path, "{'a': fields[1]}"), captured))
    assert rows(found) == [{"a": "x"}, {"a": "z"}]
    (sample,) = found[0].rejects
    assert (sample.line, sample.reason, sample.why) == (
        2, "preprocess_failed", "IndexError: list index out of range (pre.py:4)"
    )  # fmt: skip


def test_an_answer_that_is_no_row_is_one_reject_with_what_would_be_right(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1", "2"], ["0"] * 2)
    found = list(through(returning(tmp_path, "{} if fields == ['1'] else {'a': 1}"), captured))
    assert volume(found).rejected == {"preprocess_answer": 1}
    assert found[0].rejects[0].why == "it returned an empty dict; [] would be right to drop the record"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("1 / 0", "pre.py: ZeroDivisionError: division by zero (pre.py:4); so with each of 3 records"),
        ("None", "pre.py: it returned None; a flat dict, a list of them, or [] to drop the record would be right; "
         "so with each of 3 records"),
        ("all(x == 0 for x in iter(int, 1))", "pre.py: no answer within 3 s (`limits.time`)"),
        ("len(bytearray(1 << 40))", "pre.py: needed more memory than 256 MiB (`limits.memory`)"),
        ("__import__('os')._exit(7)", "pre.py: ended with exit code 7 and no answer"),
        ("__import__('os').abort()", "pre.py: killed by SIGABRT"),
    ],
    ids=["raises", "returns nothing", "hangs", "eats memory", "leaves", "aborts"],
)  # fmt: skip
def test_a_script_that_breaks_is_named_with_the_reason(tmp_path: Path, answer: str, why: str) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1"] * 3, ["0"] * 3)
    with pytest.raises(ScriptFailed) as caught:
        list(through(returning(tmp_path, answer), captured))
    assert caught.value.name == "preprocess"
    assert caught.value.why.startswith(why)


def test_a_window_of_which_all_is_dropped_is_not_broken(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1"] * 3, ["0"] * 3)
    assert volume(list(through(returning(tmp_path, "[]"), captured))).dropped == 3


def test_nothing_that_a_script_remembers_or_changes_shows_in_the_next_pass(tmp_path: Path) -> None:
    text = """
    seen = set()

    def preprocess_handler(record):
        name = record.event_metadata.event_id
        if name in seen:
            return []
        seen.add(name)
        record.event_dict["eventMetadata"]["eventId"] = "gone"
        return {"n": len(seen)}
    """
    captured = shop.write(tmp_path / "a.jsonl", [shop.capture("1", "2", i % 5) for i in range(10)])
    read = through(written(tmp_path, text), captured)
    first, second = list(read), list(read)
    assert rows(first) == rows(second) == [{"n": i} for i in range(1, 6)]
    assert volume(first).dropped == 5
    assert first[0].ids is not None
    assert first[0].ids.to_pylist() == [f"id-{i}" for i in range(5)]


# What it says


def test_what_it_prints_and_logs_is_kept_in_order_up_to_a_bound(tmp_path: Path) -> None:
    text = """
    import logging
    import sys

    print("loaded")
    logging.basicConfig()

    def preprocess_handler(record, logger):
        logger.info("number %s", record.event_metadata.event_id)
        logger.warning("a", "b")
        logger.debug("x" * 5000)
        logging.error("root")
        print("to", "stderr", file=sys.stderr)
        sys.stdout.write("no end")
        return {"a": 1}
    """
    captured = captures(tmp_path / "a.jsonl", ["1"] * 100, ["0"] * 100)
    read = through(written(tmp_path, text), captured)
    list(read)
    said = read.said.told()
    assert said[:4] == ("loaded", "info: number id-0", "warning: a", "debug: " + "x" * (1024 - len("debug: ")))
    assert said[4:6] == ("ERROR:root:root", "to stderr")
    assert len(said) == 201
    assert said[-1] == "and 302 more lines"


def test_its_own_files_go_to_a_folder_that_is_thrown_away(tmp_path: Path) -> None:
    text = """
    import os

    def preprocess_handler(record):
        with open(f"/opt/ml/processing/output/{record.event_metadata.event_id}.log", "a") as log:
            log.write("seen")
        open("here", "w").close()
        return {"kept": len(os.listdir(os.path.join("/opt/ml", "processing", "output"))), "folder": os.getcwd()}
    """
    (found,) = list(through(written(tmp_path, text), captures(tmp_path / "a.jsonl", ["1"] * 2, ["0"] * 2)))
    assert found.rows["kept"].to_pylist() == [1, 2]
    assert not Path(found.rows["folder"][0].as_py()).exists()
    assert not Path("/opt/ml/processing/output/id-0.log").exists()


def test_expected_names_with_any_sign_survive(tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1"], ["0"])
    body = json.dumps({"record": 1, "_record": 2, "": 3, "ä\n": 4})
    assert rows(list(through(returning(tmp_path, body), captured))) == [{"": 3, "_record": 2, "record": 1, "ä\n": 4}]


# Windows


def window(start: int, end: int) -> Window:
    return Window(start=shop.START + timedelta(seconds=start), end=shop.START + timedelta(seconds=end))


ROW = [window(-(10**6), 50), window(50, 201), window(201, 300), window(300, 10**9)]


def in_windows(
    path: Path,
    captured: Path,
    windows: Sequence[Window | None],
    column: str | None = None,
    format: str | Format = "auto",
) -> list[tuple[Volume, int]]:
    """What a script makes of each of the windows: the volume, and how many records it was given."""
    found = []
    for one in windows:
        selection = Selection(one, column=column)
        reading = Reading([captured], Expected(selection=selection), format)
        read = Preprocessed(reading, script(path, "preprocess_handler", LIMITS))
        batches = list(Intake(read, Roles(time=column), None, selection))
        assert volume(batches).rows == len(rows(batches))
        found.append((volume(batches), sum(int(line == "called") for line in read.said.told())))
    return found


CALLED = """
def preprocess_handler(record):
    print("called")
    return {"a": record.endpoint_input.data, "ts": "TIME"}
"""


def test_a_script_is_given_the_records_of_the_window_and_each_is_in_one(tmp_path: Path) -> None:
    lines = [shop.capture(f"{i}", "0.5", i) for i in range(80)]
    lines[3], lines[40] = "garbage", lines[40].replace("inferenceTime", "elsewhere")
    lines[:0] = ["["]
    whole, *parts = in_windows(written(tmp_path, CALLED), shop.write(tmp_path / "a.jsonl", lines), [None, *ROW])
    assert (whole[0].records, whole[1], whole[0].rejected) == (81, 79, {"not_json": 2})
    assert [part.records for part, _ in parts] == [11, 31, 19, 20]
    assert [calls for _, calls in parts] == [9, 31, 19, 20]
    assert [part.rejected for part, _ in parts] == [{"not_json": 2}, {}, {}, {}]
    total = sum((part for part, _ in parts), Volume())
    assert (total.first, total.last, total.with_id) == (whole[0].first, whole[0].last, whole[0].with_id)
    assert total.ids.hashes.tolist() == whole[0].ids.hashes.tolist()


def test_a_column_that_a_script_returns_may_hold_the_time(tmp_path: Path) -> None:
    stamp = f"{shop.START + timedelta(seconds=250):%Y-%m-%dT%H:%M:%SZ}"
    captured = shop.write(tmp_path / "a.jsonl", [shop.capture(f"{i}", "0.5", i) for i in range(80)])
    parts = in_windows(written(tmp_path, CALLED.replace("TIME", stamp)), captured, ROW[1:3], "ts")
    assert [part.rows for part, _ in parts] == [0, 80]  # by the column
    assert [part.records for part, _ in parts] == [31, 19]  # by the capture
    ((part, _),) = in_windows(written(tmp_path, CALLED.replace("TIME", "never")), captured, ROW[1:2], "ts")
    assert part.rows == 31


def test_records_of_a_mapped_log_are_chosen_by_its_times_and_lines_of_a_table_by_the_files(tmp_path: Path) -> None:
    handler = written(tmp_path, "def preprocess_handler(record):\n    return {'a': 1}\n")
    records = [{"t": f"{shop.START + timedelta(seconds=5 * i):%Y-%m-%dT%H:%M:%SZ}", "x": i} for i in range(80)]
    captured = shop.write(tmp_path / "log.jsonl", [json.dumps(record) for record in records])
    format = format_of(layout_of({"jsonl": {"time": "$.t", "inputs": "$.x"}}), "mine")
    parts = in_windows(handler, captured, ROW[:2], format=format)
    assert [part.rows for part, _ in parts] == [10, 31]
    table = shop.write(tmp_path / "t.csv", ["a,b", *["1,2"] * 9])
    os.utime(table, (shop.START.timestamp() + 201.5,) * 2)
    parts = in_windows(handler, table, ROW[1:3])
    assert [part.rows for part, _ in parts] == [0, 9]
