"""The keys of `alarms`: conditions on a monitor's own numbers, and in how many windows they have to hold."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from monitor.alarm import Alarm, Comparison, Missing
from monitor.config.mistakes import named
from monitor.config.parts import Part
from monitor.formula.parsing import parsed
from monitor.formula.words import Formula, is_condition
from monitor.numbers import NAMES

OF = re.compile(r"([1-9][0-9]{0,2}) of ([1-9][0-9]{0,2})")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


def _when(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a condition; mean(score) < 0.9 * avg(mean(score), 1d) would be right")
    if not is_condition(parsed(value, NAMES)):
        raise ValueError("is a number and no condition; a comparison such as rows < 100 would be right")
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


class AlarmLine(Part):
    """An alarm. A text alone is `when`."""

    SCALAR: ClassVar[str] = "when"

    when: Annotated[str, BeforeValidator(_when)] = Field(examples=["when: mean(score) < 0.9 * avg(mean(score), 1d)"])
    of: Annotated[str, BeforeValidator(_of)] = "2 of 3"
    missing: Literal["missing", "ignore", "breaching", "not_breaching"] = "missing"
    severity: Literal["info", "warning", "page"] = "warning"

    @property
    def formula(self) -> Formula:
        """The condition: 1 where it holds, 0 where it does not."""
        return parsed(self.when, NAMES)

    def alarm(self, name: str) -> Alarm:
        """What is judged of it."""
        breaches, _, windows = self.of.partition(" of ")
        return Alarm(
            name=name,
            comparison=Comparison.MORE,
            threshold=0.0,
            breaches=int(breaches),
            windows=int(windows),
            missing=Missing(self.missing),
        )


Alarms: TypeAlias = Annotated[Mapping[str, AlarmLine], BeforeValidator(_lines)]
