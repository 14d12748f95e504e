"""CSV tables: headers, odd rows, odd bytes."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Batch, Block, Expected
from monitor.decode.csv_table import decode
from monitor.profile import Volume
from monitor.sources import files


def read(data: bytes | str, header: str = "auto", names=()) -> list[Batch]:
    data = data.encode() if isinstance(data, str) else data
    return list(decode(iter([Block(data=data, path="f", line=1, is_first=True)]), Expected(names=names, header=header)))


def rows(batches) -> list[dict]:
    return [row for b in batches for row in b.rows.to_pylist()]


def volume(batches) -> Volume:
    return sum((b.volume for b in batches), Volume())


def columns(batches) -> list[str]:
    return batches[0].rows.schema.names


def test_names_over_numbers_are_a_header():
    batches = read("a,b\n1,2\n3,\n")
    assert rows(batches) == [{"a": "1", "b": "2"}, {"a": "3", "b": None}]
    assert not batches[0].positions


def test_numbers_have_no_header_and_take_the_baselines_names_by_place():
    assert columns(read("1,2\n3,4\n")) == ["_c0", "_c1"]
    batches = read("1,2\n3,4\n", names=("x", "y"))
    assert (columns(batches), batches[0].positions, len(rows(batches))) == (["x", "y"], True, 2)
    assert columns(read("1,2\n3,4\n", names=("x", "y", "z"))) == ["_c0", "_c1"]


def test_a_table_of_texts_has_a_header_only_if_its_names_are_expected():
    text = "name,colour\nann,red\nbob,blue\n"
    assert len(rows(read(text))) == 3
    assert rows(read(text, names=("name", "colour")))[0] == {"name": "ann", "colour": "red"}


@pytest.mark.parametrize("first", ["a,1", "a,", "nan,b", "a,-1e5", "?,?"])
def test_a_first_row_with_a_number_or_a_gap_or_one_sign_only_is_no_header(first):
    assert len(rows(read(f"{first}\n1,2\n"))) == 2


def test_header_yes_and_no_are_obeyed():
    assert len(rows(read("1,2\n3,4\n", "yes"))) == 1
    assert columns(read("1,2\n3,4\n", "yes")) == ["1", "2"]
    assert len(rows(read("a,b\n3,4\n", "no"))) == 2


@pytest.mark.parametrize("header", ["auto", "yes"])
def test_names_that_stand_twice_are_numbered_and_stay_unique(header):
    assert columns(read("a, a ,a.1,b,a\n1,2,3,4,5\n", header)) == ["a", "a.2", "a.1", "b", "a.3"]
    assert columns(read("a,a,b\n1,2,3\n", header)) == ["a", "a.1", "b"]


def test_thousands_of_equal_names_take_no_time():
    assert len(set(columns(read("x," * 4999 + "y\n" + "1," * 4999 + "1\n", "yes")))) == 5000


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"a,b\n", b"a,b", b"\r\n"])
@pytest.mark.parametrize("header", ["auto", "yes"])
def test_an_empty_file_and_a_header_alone_have_no_rows(data, header):
    batches = read(data, header)
    assert (rows(batches), volume(batches).records) == ([], 0)


def test_blank_lines_before_the_header_and_between_rows_are_no_rows():
    batches = read("\n\r\na,b\n\n1,2\n\n\n3,4\n\n")
    assert rows(batches) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_in_one_column_a_blank_line_is_a_missing_value():
    assert [r["a"] for r in rows(read("a\n1\n\n2\n"))] == ["1", None, "2"]
    assert [r["a"] for r in rows(read("a\n\n\n"))] == [None, None]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_kind_and_the_mark_of_utf8(ending):
    text = "\ufeff" + ending.join(["a,b", "1,é", "2,x"]) + ending
    assert rows(read(text)) == [{"a": "1", "b": "é"}, {"a": "2", "b": "x"}]


def test_ragged_rows_are_counted_by_width_with_their_line():
    batches = read("a,b\n1,2\n3\n4,5,6\n7,8\n")
    found = volume(batches)
    assert (found.rejected, found.widths, found.rows, found.records) == ({"column_count": 2}, {"1": 1, "3": 1}, 2, 4)
    assert [(s.line, s.reason) for s in batches[0].rejects] == [(3, "column_count"), (4, "column_count")]


def test_lines_that_are_no_utf8_are_rejected_alone():
    batches = read(b"a,b\n1,\xff\n2,\xc3\xa9\n\xfe,3\n4,5\n")
    assert rows(batches) == [{"a": "2", "b": "é"}, {"a": "4", "b": "5"}]
    assert volume(batches).rejected == {"not_utf8": 2}
    assert [s.line for s in batches[0].rejects] == [2, 4]


def test_a_quote_that_is_never_closed_takes_only_its_own_line():
    batches = read('a,b\n"0\n0","x\n2,y\n4,z\n', "yes")
    assert [r["a"] for r in rows(batches)] == ["2", "4"]
    batches = read('a,b\n1,"x\n2,y\n4,z\n')
    assert [r["a"] for r in rows(batches)] == ["2", "4"]
    assert volume(batches).rejected == {"not_csv": 1}
    assert [(s.line, s.reason) for b in batches for s in b.rejects] == [(2, "not_csv")]


def test_a_last_line_without_a_line_end_counts_when_the_header_is_guessed(tmp_path):
    for text in ("x,y\nfoo,bar", "x,y\nfoo,bar\n"):
        (tmp_path / "t.csv").write_text(text)
        (batch,) = decode(files.blocks(tmp_path / "t.csv"), Expected())
        assert (batch.rows.schema.names, batch.rows.num_rows) == (["_c0", "_c1"], 2)


def test_a_quote_within_a_value_is_a_sign():
    assert [r["b"] for r in rows(read('a,b\n1,5" pipe\n2,y\n'))] == ['5" pipe', "y"]


def test_a_stray_quote_in_the_header_leaves_counted_rows():
    found = volume(read('"a,b\n1,2\n3,4\n', "yes"))
    assert found.records == found.rows + sum(found.rejected.values()) == 2


def test_a_first_row_that_is_no_csv_rejects_the_file_with_a_reason():
    batches = read("x" * 200_000 + ",1\n1,2\n")
    assert volume(batches).rejected == {"not_csv": 2}
    assert "131,072" in batches[0].rejects[0].why


def test_texts_are_never_taken_for_missing_or_numbers():
    (row,) = rows(read("a,b,c,d\nNA,007, x ,null\n", "yes"))
    assert row == {"a": "NA", "b": "007", "c": " x ", "d": "null"}


FIELDS = st.text(alphabet='ab1,"\n\r é', max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(2, 4), st.integers(20, 200))
def test_what_a_csv_writer_wrote_comes_back_whatever_the_blocks(tmp_path_factory, data, width, size):
    table = data.draw(st.lists(st.lists(FIELDS, min_size=width, max_size=width), max_size=30))
    table = [row for row in table if any(row)]
    text = io.StringIO()
    csv.writer(text).writerows([[f"n{i}" for i in range(width)], *table])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "BLOCK_BYTES", size)
        batches = list(decode(files.blocks(path), Expected(header="yes")))
    assert [list(row.values()) for row in rows(batches)] == [[field or None for field in row] for row in table]
    assert volume(batches).rejected == {}
