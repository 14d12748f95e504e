"""Profiles of columns written down as texts, by the code that measures captures."""

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pytest

from monitor.batch import Batch
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.survey import cells, count_texts, survey, texts_of

Columns = Mapping[str, Sequence[str | None]]


def batch_of(columns: Columns, positions: bool = False) -> Batch:
    rows = pa.RecordBatch.from_pydict({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Batch(rows=rows, volume=Volume(records=rows.num_rows), positions=positions)


@pytest.fixture
def baseline_of() -> Callable[[Columns], Profile]:
    def made(columns: Columns) -> Profile:
        batches = [batch_of(columns)]
        surveyed = survey(batches)
        texts = texts_of(surveyed)
        count_texts(batches, surveyed, texts)
        return measure(batches, cells(surveyed, texts))

    return made


@pytest.fixture
def window_of() -> Callable[..., Profile]:
    def made(columns: Columns, base: Profile, *, positions: bool = False) -> Profile:
        return measure([batch_of(columns, positions)], base)

    return made
