"""What a formula is made of; `parsing` reads it from a text, `evaluation` answers it.

Conditions are numbers too: 1 where they hold, 0 where they do not, and nan where that cannot be told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

Back: TypeAlias = int | timedelta
"""How far back: so many windows, or so much time."""
Filling: TypeAlias = float | Literal["repeat", "linear"]
What: TypeAlias = Literal["avg", "min", "max", "sum", "std", "count", "quantile"]


@dataclass(frozen=True, slots=True)
class Number:
    """The same in every window."""

    value: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A series of the monitor, of one feature where it is one of a feature."""

    name: str
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """`first`, then each part with its sign, from left to right; signs are + and -, or * and /."""

    first: "Formula"
    rest: tuple[tuple[str, "Formula"], ...]


@dataclass(frozen=True, slots=True)
class Power:
    """`base ^ exponent`."""

    base: "Formula"
    exponent: "Formula"


@dataclass(frozen=True, slots=True)
class Negative:
    """With the other sign."""

    part: "Formula"


@dataclass(frozen=True, slots=True)
class Absolute:
    """Without its sign."""

    part: "Formula"


@dataclass(frozen=True, slots=True)
class Compare:
    """1 where it holds, else 0; `sign` is one of < <= > >= == !=."""

    left: "Formula"
    sign: str
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Not:
    """1 where the part is 0, else 0."""

    part: "Formula"


@dataclass(frozen=True, slots=True)
class Both:
    """1 where no part is 0."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """1 where some part is not 0."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class If:
    """`then` where the condition is not 0, else `otherwise`."""

    condition: "Formula"
    then: "Formula"
    otherwise: "Formula"


@dataclass(frozen=True, slots=True)
class Fill:
    """The part, and something else where it is missing."""

    part: "Formula"
    by: Filling


@dataclass(frozen=True, slots=True)
class Lag:
    """What the part was so far back."""

    part: "Formula"
    back: Back


@dataclass(frozen=True, slots=True)
class Change:
    """By how much the part differs from what it was so far back."""

    part: "Formula"
    back: Back


@dataclass(frozen=True, slots=True)
class Rate:
    """By how much the part changed since the window before, per second."""

    part: "Formula"


@dataclass(frozen=True, slots=True)
class Over:
    """Something of many windows: of those before this one, or `with_now` of the newest ones and this.

    `share` is a quantile's, from 0 to 1.
    """

    what: What
    part: "Formula"
    back: Back
    with_now: bool = False
    share: float | None = None


Formula: TypeAlias = (
    Number | Reference | Chain | Power | Negative | Absolute | Compare | Not | Both | Either | If | Fill | Lag | Change
    | Rate | Over
)  # fmt: skip


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    """The formulas that it is made of, in the order of its text."""
    match formula:
        case Chain(first, rest):
            return (first, *(part for _, part in rest))
        case Power(base, exponent):
            return (base, exponent)
        case Compare(left, _, right):
            return (left, right)
        case Both(parts) | Either(parts):
            return parts
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Number() | Reference():
            return ()
        case _:
            return (formula.part,)


def references_of(formula: Formula) -> tuple[Reference, ...]:
    """The series that a formula asks for, each once.

    >>> references_of(Over("avg", Chain(Reference("mean", "a"), (("/", Reference("rows")),)), 3))
    (Reference(name='mean', feature='a'), Reference(name='rows', feature=None))
    """
    return tuple(dict.fromkeys(_references(formula)))


def _references(formula: Formula) -> Iterator[Reference]:
    if isinstance(formula, Reference):
        yield formula
    for part in parts_of(formula):
        yield from _references(part)


def is_condition(formula: Formula) -> bool:
    """Whether it holds or does not: what is outermost is a comparison, `not`, `and`, `or`, or an `if` of these.

    >>> is_condition(Compare(Reference("rows"), "<", Number(10))), is_condition(Reference("rows"))
    (True, False)
    """
    if isinstance(formula, If):
        return is_condition(formula.then) and is_condition(formula.otherwise)
    return isinstance(formula, Compare | Not | Both | Either)
