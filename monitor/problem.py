"""Problem: what kind of question a model answers, and which of its columns are the answer and the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["regression", "binary", "multiclass"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`prediction`, `probability` and `truth` are names of columns; a model may give one of the first two, or both.

    Classes are told by their texts; a number is written in its shortest form, so that 1, 1.0 and "1" are one class.
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
