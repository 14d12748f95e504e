"""Base64 to texts, all at once."""

import base64

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.payloads.base64_text import decoded


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(st.lists(st.binary(max_size=9) | st.text(max_size=5).map(lambda text: text.encode(errors="ignore"))))
def test_what_was_packed_comes_back_and_bytes_that_are_no_text_are_told(values):
    texts, wrong, binary = decoded(pa.array(["skipped", *map(packed, values)], pa.string())[1:])
    assert not wrong.any()
    for text, data, is_binary in zip(texts.to_pylist(), values, binary, strict=True):
        try:
            assert (text, is_binary) == (data.decode(), False)
        except UnicodeDecodeError:
            assert (text, is_binary) == (None, True)


@pytest.mark.parametrize("text", ["=", "a", "ab", "abc", "a===", "====", "ab=c", "ab==ab==", "a b=", "äöüß", "ab%="])
def test_what_is_no_base64_is_told_and_its_neighbours_are_read(text):
    texts, wrong, binary = decoded(pa.array([packed(b"1"), text, packed(b"2")]))
    assert texts.to_pylist() == ["1", None, "2"]
    assert wrong.tolist() == [False, True, False]
    assert not binary.any()


def test_line_ends_inside_are_passed_over_and_a_sign_cut_in_two_is_no_text():
    accent = "é".encode()
    texts, wrong, binary = decoded(pa.array(["MS\r\nwy\n", packed(accent[:1]), packed(accent[1:])]))
    assert texts.to_pylist() == ["1,2", None, None]
    assert (wrong.any(), binary.tolist()) == (False, [False, True, True])
