"""JSON payloads to rows: what a payload means does not depend on what stands beside it."""

import pyarrow as pa
import pytest
import shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.payloads import json_text
from monitor.payloads.json_rows import read

ANY = st.lists(st.one_of(shapes.shapes, shapes.shapes, shapes.broken()), max_size=8)


def read_all(texts: list[str], **given) -> list[shapes.Told]:
    return shapes.beside(read(pa.array(texts, pa.string()), **given), len(texts))


@settings(max_examples=300)
@given(ANY, st.sampled_from([1, 3, 4096]))
def test_payloads_read_together_are_what_each_is_by_itself(texts, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "SLICE_TEXTS", at_once)
        assert read_all(texts) == [shapes.alone(text) for text in texts]
