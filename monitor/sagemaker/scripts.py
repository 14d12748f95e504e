"""What the handler of a preprocessor script is given, and what it may answer.

Scripts written for the product run as they are, so names are the product's here, those of its first interface too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import numpy as np

Value: TypeAlias = str | int | float | bool | None
Row: TypeAlias = dict[str, Value]


class Refused(Exception):
    """An answer that is no row; why, and what would be right."""


class _Aliased:
    """Other names for the same attributes."""

    __slots__ = ()
    ALIASES: ClassVar[Mapping[str, str]] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in type(self).ALIASES:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self, type(self).ALIASES[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class EventData(_Aliased):
    """One side of a capture: its payload as text (base64 where the encoding says so)."""

    ALIASES: ClassVar[Mapping[str, str]] = {"observed_content_type": "observedContentType"}

    data: Any = None
    encoding: Any = None
    observedContentType: Any = None
    mode: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMetadata(_Aliased):
    """About the request. `custom_attribute` is the whole list under `customAttributes`, None without one."""

    ALIASES: ClassVar[Mapping[str, str]] = {
        "eventId": "event_id",
        "inferenceTime": "event_time",
        "eventTime": "event_time",
        "customAttributes": "custom_attribute",
        "custom_attributes": "custom_attribute",
    }

    event_id: Any = None
    event_time: Any = None
    custom_attribute: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedData(_Aliased):
    """One capture, as a handler sees it; a side that was not captured is None."""

    ALIASES: ClassVar[Mapping[str, str]] = {
        "eventMetadata": "event_metadata",
        "eventVersion": "event_version",
        "endpointInput": "endpoint_input",
        "endpointOutput": "endpoint_output",
        "batchTransformOutput": "batch_transform_output",
        "groundTruthData": "ground_truth",
        "groundTruth": "ground_truth",
    }

    event_dict: dict[str, Any]
    event_metadata: EventMetadata
    event_version: Any = None
    endpoint_input: EventData | None = None
    endpoint_output: EventData | None = None
    batch_transform_output: EventData | None = None
    ground_truth: EventData | None = None

    @classmethod
    def of(cls, record: dict[str, Any]) -> "CapturedData":
        """From the record as it was read; TypeError where it is no capture."""
        sides, metadata = record.get("captureData") or {}, record.get("eventMetadata") or {}
        if not isinstance(sides, dict) or not isinstance(metadata, dict):
            raise TypeError("not a capture")
        return cls(
            event_dict=record,
            event_metadata=EventMetadata(
                event_id=metadata.get("eventId"),
                event_time=metadata.get("inferenceTime"),
                custom_attribute=metadata.get("customAttributes"),
            ),
            event_version=record.get("eventVersion"),
            endpoint_input=_side(sides.get("endpointInput")),
            endpoint_output=_side(sides.get("endpointOutput")),
            batch_transform_output=_side(sides.get("batchTransformOutput")),
            ground_truth=_side(record.get("groundTruthData")),
        )

    @property
    def event_data(self) -> "CapturedData":
        """Where the first interface had the two sides."""
        return self

    def as_dict(self) -> dict[str, Any]:
        """The whole record."""
        return self.event_dict


def _side(value: Any) -> EventData | None:
    if not isinstance(value, dict):
        return None
    return EventData(
        data=value.get("data"),
        encoding=value.get("encoding"),
        observedContentType=value.get("observedContentType"),
        mode=value.get("mode"),
    )


def rows_of(answer: object) -> list[Row]:
    """The rows of an answer, columns in order of their names; none where the record is dropped. Raises Refused.

    >>> rows_of({"b": 1.5, "a": ""}), rows_of([])
    ([{'a': None, 'b': 1.5}], [])
    """
    if isinstance(answer, Mapping):
        return [_row(answer)]
    if isinstance(answer, list):
        return [_row(item) for item in answer]
    raise Refused(f"it returned {_named(answer)}; a flat dict, a list of them, or [] to drop the record would be right")


def _row(item: object) -> Row:
    if not isinstance(item, Mapping):
        raise Refused(f"it returned a list with {_named(item)} in it; a list of flat dicts would be right")
    if not item:
        raise Refused("it returned an empty dict; [] would be right to drop the record")
    row = {_name(key): value for key, value in item.items()}
    if len(row) < len(item):
        raise Refused("it returned two keys with the same text; each column once would be right")
    return {name: _value(name, row[name]) for name in _ordered(tuple(row))}


@lru_cache(maxsize=256)
def _ordered(names: tuple[str, ...]) -> list[str]:
    """Rows have the same names, nearly always."""
    return ordered(names)


def ordered(names: Iterable[str]) -> list[str]:
    """Names as text is sorted; where all are whole numbers, by these.

    >>> ordered(["b", "a", "10"]), ordered(["10", "9"])
    (['10', 'a', 'b'], ['9', '10'])
    """
    names = list(names)
    return sorted(names, key=lambda name: (int(name), name)) if _are_numbers(names) else sorted(names)


@lru_cache(maxsize=256)
def placed(names: tuple[str, ...], expected: tuple[str, ...]) -> tuple[str, ...] | None:
    """What the columns of a row are called: by place as in the baseline where it knows none of the names.

    None where names are mere places, and not as many as the baseline has columns.

    >>> placed(("00", "01"), ("y", "x")), placed(("00",), ("y", "x")), placed(("z",), ("y", "x"))
    (('y', 'x'), None, ('z',))
    """
    if not expected or not set(expected).isdisjoint(names):
        return names
    if len(names) == len(expected):
        return expected
    return None if _are_numbers(names) else names


def _are_numbers(names: Iterable[str]) -> bool:
    return all(name.isdecimal() and len(name) <= 100 for name in names)


def _name(key: object) -> str:
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise Refused(f"it returned a dict with {_named(key)} as a key; the names of columns would be right")
    return _encoded(str(key))


def _value(name: str, value: object) -> Value:
    """A text, number, bool or None; an empty text is a missing value, as it is in CSV."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return _encoded(str(value)) or None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    told = "text, a number, True, False or None would be right"
    raise Refused(f"column {name!r} holds {_named(value)}; {told}")


def _encoded(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("it returned half of a surrogate pair, which is no text") from None
    return text


def _named(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
