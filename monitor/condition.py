"""Condition: what is asked of the columns of a row; `expression` reads it from a text, `where` answers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Compare:
    """`sign` is one of = != < <= > >=."""

    column: str
    sign: str
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """The column is one of the values."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """The whole text fits: % is any text, _ any one character."""

    column: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Null:
    """The column has no value."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts holds."""

    parts: tuple["Condition", ...]


Condition: TypeAlias = Compare | Among | Like | Null | Not | Both | Either


def columns_of(condition: Condition) -> tuple[str, ...]:
    """The columns that a condition asks for, each once.

    >>> columns_of(Either((Compare("a", "=", 1), Not(Both((Like("b", "x%"), Null("a")))))))
    ('a', 'b')
    """
    return tuple(dict.fromkeys(_columns(condition)))


def _columns(condition: Condition) -> Iterator[str]:
    match condition:
        case Not(part):
            yield from _columns(part)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _columns(part)
        case _:
            yield condition.column
