"""Events: what one may say, and that it can say no rows."""

from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from actions.receivers import event

ROWS = {"age": [30, 41]}


@pytest.mark.parametrize(
    "table", [pd.DataFrame(ROWS), pa.table(ROWS), np.array([30, 41]), b"30,41", object(), {30, 41}, {"x": [b"30"]}]
)
def test_a_table_of_rows_is_no_data_of_an_event(table: Any) -> None:
    with pytest.raises(ValueError, match=r"^data\.rows.*is of type \w+; JSON has numbers, texts, lists and objects"):
        event(data={"rows": table})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "a.b"}, "id 'a.b': letters, digits, _ - : and up to 128 of them would be right"),
        ({"id": ""}, "id '': letters"),
        ({"kind": "Opened"}, "kind 'Opened': small words with dots between, as in incident.opened, would be right"),
        ({"kind": "a..b"}, "kind 'a..b'"),
        ({"severity": "bad"}, "severity 'bad': one of info, warning, page would be right"),
        ({"status": "over"}, "status 'over': one of firing, resolved would be right"),
        ({"time": datetime(2026, 1, 1)}, "time datetime.datetime(2026, 1, 1, 0, 0): must be an aware UTC time"),
        ({"since": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))}, "since datetime.datetime("),
        ({"summary": "a\r\nBcc: all@example.com"}, "summary 'a\\r\\nBcc: all@example.com': has a line break"),
        ({"summary": " "}, "summary: is empty"),
        ({"monitor": ""}, "monitor: is empty"),
        ({"subject": "x" * 1001}, "subject: has 1001 characters; up to 1000 would be right"),
        ({"link": None}, "link: is of type NoneType; a text would be right"),
        ({"labels": {"bad-name": "x"}}, "label 'bad-name': letters, digits and _, no digit first, would be right"),
        ({"labels": {"value": 0.52}}, "label value: is of type float; a text would be right"),
        ({"labels": {"a": "b\nc"}}, "label a 'b\\nc': has a line break"),
        ({"data": {"psi": float("nan")}}, "data.psi: is nan, which JSON has no word for"),
        ({"data": {"a": [{1: 2}]}}, "data.a[0]: has the key 1; texts would be right"),
        ({"data": {"a": [[[[[[[[1]]]]]]]]}}, "lies deeper than 8 levels"),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r": ") as caught:
        event(**changes)
    assert told in str(caught.value)


def test_severities_have_an_order() -> None:
    answers = {(a, b): event(severity=a).is_at_least(b) for a in ("info", "page") for b in ("info", "warning", "page")}
    assert [pair for pair, holds in answers.items() if not holds] == [("info", "warning"), ("info", "page")]
