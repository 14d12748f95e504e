"""Rungs as alerts have them: the ladder's, by their names."""

from monitor.ladder import HARMLESS, Rung
from monitor.ladder import rung_of as stands_on

RUNGS = tuple(rung.value for rung in Rung)
"""From the lowest to the highest."""


def rung_of(rule: str) -> str:
    """The rung of a rule; drift for those that say nothing about how the data came, or explain nothing else.

    >>> rung_of("volume"), rung_of("range"), rung_of("refund_share"), rung_of("extra_column")
    ('volume', 'drift', 'drift', 'drift')
    """
    return Rung.DRIFT.value if rule in HARMLESS else stands_on(rule).value


def above(rung: str) -> tuple[str, ...]:
    """The rungs that this one explains.

    >>> above("missing"), above("quality")
    (('drift', 'quality'), ())
    """
    return RUNGS[RUNGS.index(rung) + 1 :]
