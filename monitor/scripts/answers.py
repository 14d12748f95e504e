"""Which columns of a script's rows are the model's answer, told by their values: scripts do not say."""

import json
from collections.abc import Mapping, Sequence

from monitor.sagemaker.scripts import EventData, Row, Value

LONGEST = 4096  # of an answer that is looked at
NOTHING: frozenset[float] = frozenset()


def numbers_of(answer: EventData | None) -> frozenset[float]:
    """The numbers in an answer, whether it is CSV or JSON.

    >>> sorted(numbers_of(EventData(data='{"predictions": [[0.25, 1]]}', encoding="JSON")))
    [0.25, 1.0]
    """
    if answer is None or not isinstance(answer.data, str) or len(answer.data) > LONGEST:
        return NOTHING
    if answer.encoding != "JSON":
        return frozenset(number for field in answer.data.split(",") if (number := _number(field)) is not None)
    try:
        return frozenset(_leaves(json.loads(answer.data)))
    except (ValueError, RecursionError):
        return NOTHING


def outputs(rows: Sequence[Row], of: Sequence[int], answers: Mapping[int, frozenset[float]]) -> tuple[str, ...]:
    """The columns that hold a number of the answer in every row, not all of them whole.

    Whole numbers alone could be chance: a flag beside a label. Such a column has the role that the baseline gives it.
    """
    left = dict.fromkeys(rows[0] if rows else (), False)
    for row, record in zip(rows, of, strict=True):
        for name, is_score in list(left.items()):
            number = _number(row.get(name))
            if number is None or number not in answers.get(record, NOTHING):
                del left[name]
            elif not is_score:
                left[name] = not number.is_integer()
        if not left:
            break
    return tuple(name for name, is_score in left.items() if is_score)


def _leaves(value: object) -> list[float]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if items is not None:
        return [leaf for item in items for leaf in _leaves(item)]
    number = _number(value if isinstance(value, str | int | float) else None)
    return [] if number is None else [number]


def _number(value: Value) -> float | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
