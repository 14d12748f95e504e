"""The keys of `alarm`: what counts as drift, and how often it may be said wrongly."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from monitor.config import values
from monitor.config.mistakes import meant, named
from monitor.config.parts import LongDuration, Part, Share

FEWEST = 4
"""Windows to learn from: with fewer, how much they differ says next to nothing."""
MOST = 100_000
GROWING = ("chi2", "chi_squared", "g", "g_test")
"""Measures that nobody can be held to."""


def _tolerance(value: Any) -> float:
    if isinstance(value, Mapping):
        return _converted(value)
    found = values.share(value)
    if found >= 0.5:
        raise ValueError("is as good as any shift there is; a share of rows below 50% would be right, such as 2.5%")
    return found


def _converted(value: Mapping[str, Any]) -> float:
    """Of a measure that people know, the share of rows that change sides at the median."""
    from monitor.stats.rosetta import MEASURES, tolerance_of

    if len(value) != 1:
        raise ValueError("takes one measure; {psi: 0.1}, {ks: 0.1} or {sd: 0.25} would be right")
    ((measure, size),) = value.items()
    if measure in GROWING:
        raise ValueError(
            f"measure {measure!r}: grows with the number of rows, so that no number of it is a size; {{psi: 0.1}} "
            "would be right, which is nearly chi-squared by row"
        )
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r}: unknown; {meant(str(measure), list(MEASURES))}")
    try:
        return tolerance_of({measure: values.number(size)})
    except ValueError as error:
        what = str(error)
        raise ValueError(f"{measure} {named(size)} {what}" if what.startswith("is ") else what) from None


def _positive(value: Any) -> float:
    found = values.number(value)
    if found <= 0:
        raise ValueError("is no number of alarms; 1 would be right, or 0.5 for one in twice the time")
    return found


def _windows(value: Any) -> int:
    found = re.fullmatch(r"([0-9]{1,7}) ?windows?", value) if isinstance(value, str) else None
    number = int(found[1]) if found is not None else value
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError("is not a number of windows; 14, or 14 windows, would be right")
    if not FEWEST <= number <= MOST:
        raise ValueError(f"is not a number of windows to learn from; from {FEWEST} to {MOST} would be right")
    return number


def _part_of_budget(value: Any) -> float:
    found = values.share(value)
    if not 0 < found < 1:
        raise ValueError("is no part of the budget; a share above 0 and below 100% would be right, such as 25%")
    return found


def _features(value: Any) -> Any:
    if value == "uniform":
        return {}
    if not isinstance(value, Mapping) or not value:
        raise ValueError("is not how features share the budget; uniform, or {age: 10%} would be right")
    return value


Tolerance: TypeAlias = Annotated[float, BeforeValidator(_tolerance), PlainSerializer(values.share_text)]
Windows: TypeAlias = Annotated[int, BeforeValidator(_windows), PlainSerializer(lambda count: f"{count} windows")]
Positive: TypeAlias = Annotated[float, BeforeValidator(_positive)]
PartOfBudget: TypeAlias = Annotated[Share, BeforeValidator(_part_of_budget)]
Parts: TypeAlias = Annotated[
    Mapping[str, PartOfBudget],
    BeforeValidator(_features),
    PlainSerializer(lambda parts: {name: values.share_text(part) for name, part in parts.items()} or "uniform"),
]


class FalseAlarms(Part):
    """How many are to be expected while traffic wanders as it did when it was learned."""

    at_most: Positive = 1.0
    per: LongDuration = timedelta(weeks=52)
    scope: Literal["monitor", "fleet"] = "monitor"


class Learn(Part):
    """How long production is learned."""

    time: LongDuration = Field(default=timedelta(weeks=2), alias="for")
    at_least: Windows = 14


class Weights(Part):
    """Which part of the budget is whose: the model's answers together, and single features of the rest."""

    outputs: PartOfBudget = 0.25
    features: Parts = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something_is_left(self) -> "Weights":
        total = self.outputs + sum(self.features.values())
        if total >= 1:
            shown = values.share_text(round(total, 6))
            raise ValueError(f"come to {shown} with outputs; less than 100% would be right, for the other features")
        return self


class Alarm(Part):
    """What counts as drift. Tolerances are shares of rows at the median, whatever they were written in."""

    false_alarms: FalseAlarms = FalseAlarms()
    tolerance: Tolerance = 0.025
    tolerance_unlearned: Tolerance = 0.10
    learn: Learn = Learn()
    weights: Weights = Weights()
    absorb: bool = False
