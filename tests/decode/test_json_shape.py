"""JSON payloads to rows: what a payload means does not depend on what stands beside it."""

import payloads
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode import json_text
from monitor.decode.json_rows import read

ANY = st.lists(st.one_of(payloads.shapes, payloads.shapes, payloads.broken()), max_size=8)


def read_all(texts: list[str], **given) -> list[payloads.Told]:
    return payloads.beside(read(pa.array(texts, pa.string()), **given), len(texts))


@settings(max_examples=300)
@given(ANY, st.sampled_from([1, 3, 4096]))
def test_payloads_read_together_are_what_each_is_by_itself(texts, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "SLICE_TEXTS", at_once)
        assert read_all(texts) == [payloads.alone(text) for text in texts]
