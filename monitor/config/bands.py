"""The keys of `band`: a number that is held against what it usually was."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from monitor.config import values
from monitor.config.parts import LongDuration, Part, Zone
from monitor.formula.parsing import parsed
from monitor.formula.words import is_condition
from monitor.numbers import NAMES

WIDEST = 100.0


def _number(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a number of the monitor; mean(score) would be right")
    if is_condition(parsed(value, NAMES)):
        raise ValueError("is a condition and no number; mean(score) would be right, or `when` in place of `band`")
    return value


def _widths(value: Any) -> float:
    found = values.number(value)
    if not 0 < found <= WIDEST:
        raise ValueError(f"is not how many widths a band has to each side; above 0 and up to {WIDEST:g} would be right")
    return found


def _limits(value: Any) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("is not the lowest and the highest that the number can be; [0, 1] would be right")
    low, high = map(values.number, value)
    if low >= high:
        raise ValueError(f"has {low:g} and {high:g}; the lower one first would be right: [0, 1]")
    return low, high


Limits: TypeAlias = Annotated[tuple[float, float], BeforeValidator(_limits)]


class Band(Part):
    """What is usual of a number, learned from its own history. A text alone is the number."""

    SCALAR: ClassVar[str] = "of"

    of: Annotated[str, BeforeValidator(_number)] = Field(examples=["of: mean(score)"])
    side: Literal["outside", "above", "below"] = "outside"
    widths: Annotated[float, BeforeValidator(_widths)] = 3.0
    history: LongDuration = timedelta(weeks=4)
    limits: Limits | None = None
    timezone: Zone | None = None

    @property
    def text(self) -> str:
        """What it asks, in a line."""
        return f"{self.of} {self.side} what is usual"
