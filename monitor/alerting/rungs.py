"""Rungs of the ladder: a failure on a lower rung explains what stands above it."""

from collections.abc import Mapping

RUNGS = ("freshness", "volume", "schema", "missing", "drift", "quality")
"""From the lowest to the highest."""

_STAND_ON = {
    "freshness": ("freshness",),
    "volume": ("volume",),
    "schema": ("data_type", "missing_column", "extra_column", "data_type_check", "missing_column_check",
               "extra_column_check"),
    "missing": ("completeness", "completeness_check"),
}  # fmt: skip
RUNG_OF: Mapping[str, str] = {rule: rung for rung, rules in _STAND_ON.items() for rule in rules}


def rung_of(rule: str) -> str:
    """The rung of a rule; drift for those that say nothing about how the data came.

    >>> rung_of("volume"), rung_of("range"), rung_of("refund_share")
    ('volume', 'drift', 'drift')
    """
    return RUNG_OF.get(rule, "drift")


def above(rung: str) -> tuple[str, ...]:
    """The rungs that this one explains.

    >>> above("missing"), above("quality")
    (('drift', 'quality'), ())
    """
    return RUNGS[RUNGS.index(rung) + 1 :]
