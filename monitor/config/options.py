"""Options of a rule as written in YAML, turned into what the rule asks for."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin

from monitor.config.values import duration, number
from monitor.rule import Option


def converted(option: Option, value: Any) -> Any:
    """The value in the option's type; ValueError says what would be right.

    >>> converted(Option(type=float), 3), converted(Option(type=timedelta | None), "1h")
    (3.0, datetime.timedelta(seconds=3600))
    """
    kind = option.type
    if get_origin(kind) in (Union, UnionType):
        if value is None and type(None) in get_args(kind):
            return None
        kind = next(argument for argument in get_args(kind) if argument is not type(None))
    reader = READERS.get(kind)
    return value if reader is None else reader(value)


def type_name(option: Option) -> str:
    """The type as people write it.

    >>> type_name(Option(type=list[str])), type_name(Option(type=float | None))
    ('list[str]', 'float | None')
    """
    kind = option.type
    return kind.__name__ if isinstance(kind, type) and get_origin(kind) is None else str(kind).replace("datetime.", "")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("is not a whole number; 1, 2, 3 would be right")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is not a truth value; true or false would be right")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a text; put it in quotes")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError('is not a list of texts; ["a", "b"] would be right')
    return list(value)


READERS: Mapping[Any, Callable[[Any], Any]] = {
    float: number,
    int: _whole,
    bool: _truth,
    str: _text,
    timedelta: duration,
    list[str]: _texts,
}
