"""Measurement: how far a feature has moved, in one measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """`value` with the 95 % interval from `low` to `high`, in the unit that the measure has; corrected for chance.

    `deviations` is the shift of a normal feature, in standard deviations, that would show as this value; None for
    measures that a shift leaves where they are, or that have no such size. `method` says how the interval was made.
    """

    name: str
    value: float
    low: float
    high: float
    deviations: float | None = None
    method: str = ""
