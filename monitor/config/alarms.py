"""The keys of `alarms`: conditions on a monitor's own numbers, on what is usual of them, and on other alarms."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from monitor import composing, suppression
from monitor.alarm import Alarm, Comparison, Missing
from monitor.composite import Composite
from monitor.config.bands import Band
from monitor.config.mistakes import named
from monitor.config.parts import Duration, Part
from monitor.formula.parsing import parsed
from monitor.formula.words import Formula, is_condition
from monitor.numbers import NAMES

OF = re.compile(r"([1-9][0-9]{0,2}) of ([1-9][0-9]{0,2})")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
KINDS = ("when", "band", "composite")
JUDGED = {"of": "2 of 3", "missing": "missing"}
"""What says how windows are counted, and what it is where nothing is said; a composite counts none."""


def _when(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a condition; mean(score) < 0.9 * avg(mean(score), 1d) would be right")
    if not is_condition(parsed(value, NAMES)):
        raise ValueError("is a number and no condition; a comparison such as rows < 100 would be right")
    return value


def _composite(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a condition on other alarms; ALARM(a) and not ALARM(b) would be right")
    composing.parsed(value)
    return value


def _of(value: Any) -> str:
    found = OF.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError("is not so many of so many windows; 2 of 3 would be right")
    return str(value)


def _lines(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError("are not alarms by name; {low: 'mean(score) < 0.2'} would be right")
    for name in value:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ValueError(f"has {named(name)}, which is no name; letters, digits, - and _ would be right")
    return value


class Suppressor(Part):
    """Another alarm of the monitor: while it is in alarm, this one is told to nobody. A text alone is its name."""

    SCALAR: ClassVar[str] = "alarm"

    alarm: str = Field(examples=["alarm: deploying"])
    wait: Duration = suppression.NONE
    extension: Duration = suppression.NONE

    @model_validator(mode="after")
    def _short(self) -> "Suppressor":
        assert self.word  # refuses what is too long
        return self

    @property
    def word(self) -> suppression.Suppressor:
        """The same as it is judged by."""
        return suppression.Suppressor(name=self.alarm, wait=self.wait, extension=self.extension)


class AlarmLine(Part):
    """An alarm: `when` something holds, outside its `band`, or a `composite` of others. A text alone is `when`."""

    SCALAR: ClassVar[str] = "when"
    INSTEAD: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "when": ("band", "composite"),
        "band": ("when", "composite"),
        "composite": ("when", "band", *JUDGED),
    }

    when: Annotated[str, BeforeValidator(_when)] | None = None
    band: Band | None = None
    composite: Annotated[str, BeforeValidator(_composite)] | None = None
    of: Annotated[str, BeforeValidator(_of)] | None = None
    missing: Literal["missing", "ignore", "breaching", "not_breaching"] | None = None
    severity: Literal["info", "warning", "page"] = "warning"
    suppressor: Suppressor | None = None

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("composite") is not None:
            return data
        return data | {name: value for name, value in JUDGED.items() if data.get(name) is None}

    @model_validator(mode="after")
    def _one_of_three(self) -> "AlarmLine":
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            told = f"has {' and '.join(given)}" if given else "asks for nothing"
            raise ValueError(f"{told}; one of when, band and composite would be right")
        counts = [name for name in JUDGED if getattr(self, name) is not None]
        if self.composite is not None and counts:
            what = (
                f"has {' and '.join(counts)} beside composite, which asks how other alarms stand and counts no windows"
            )
            raise ValueError(f"{what}; {' and '.join(counts)} at those alarms would be right")
        return self

    @model_serializer(mode="wrap")
    def _what_is_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}

    @property
    def formula(self) -> Formula | None:
        """The condition, 1 where it holds and 0 where it does not; of a band the number; None of a composite."""
        text = self.when if self.band is None else self.band.of
        return None if text is None else parsed(text, NAMES)

    @property
    def combination(self) -> Composite | None:
        """What a composite asks of other alarms."""
        return None if self.composite is None else composing.parsed(self.composite)

    @property
    def text(self) -> str:
        """What it asks, in a line."""
        return self.band.text if self.band is not None else self.when or self.composite or ""

    def alarm(self, name: str) -> Alarm:
        """What is judged of it; not for composites."""
        breaches, _, windows = (self.of or JUDGED["of"]).partition(" of ")
        return Alarm(
            name=name,
            comparison=Comparison.MORE if self.band is None else Comparison(self.band.side),
            threshold=0.0 if self.band is None else None,
            breaches=int(breaches),
            windows=int(windows),
            missing=Missing(self.missing or JUDGED["missing"]),
        )


Alarms: TypeAlias = Annotated[Mapping[str, AlarmLine], BeforeValidator(_lines)]
