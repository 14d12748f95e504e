"""Problem: what kind of question a model answers, and which of its columns are the answer and the truth."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["regression", "binary", "multiclass"]

_DIGITS = re.compile(r"[-+]?\d{1,40}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE | re.ASCII)
_NO_NUMBER = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)
_TRUTH_VALUES = {"true": "1", "false": "0"}


def class_named(text: str) -> str | None:
    """The class that a text names: numbers in their shortest form, truth values as 1 and 0; None where it names none.

    >>> [class_named(text) for text in ("1", "1.0", "True", " yes ", "0.50", "NaN", "")]
    ['1', '1', '1', 'yes', '0.5', None, None]
    """
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return str(int(text))
    if _NUMBER.fullmatch(text):
        number = float(text)
        return str(int(number)) if number.is_integer() else repr(number)
    return None if not text or _NO_NUMBER.fullmatch(text) else _TRUTH_VALUES.get(text.lower(), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`prediction`, `probability` and `truth` are names of columns; a model may give one of the first two, or both.

    Classes are told by their texts; a number is written in its shortest form, so that 1, 1.0 and "1" are one class, and
    so is a truth value: `true` is that class too, and `false` is 0.
    `probability` is that of the class `positive`; where a binary model gives no prediction, it is positive from
    `threshold` on. `costs` is what a row costs (or, negative, earns) by its true class and then its predicted one; what
    is not named costs nothing.
    """

    kind: Kind
    prediction: str | None = None
    probability: str | None = None
    truth: str | None = None
    positive: str = "1"
    threshold: float = 0.5
    costs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        positive = class_named(self.positive)
        if positive is None:
            raise ValueError(f"positive: {self.positive!r} is not a class; a text or a number such as 1 would be right")
        costs = {
            _named(true): {_named(said): float(cost) for said, cost in row.items()} for true, row in self.costs.items()
        }
        object.__setattr__(self, "positive", positive)
        object.__setattr__(self, "costs", costs)


def _named(text: str) -> str:
    found = class_named(text)
    if found is None:
        raise ValueError(f"costs: {text!r} is not a class; a text or a number such as 1 would be right")
    return found
