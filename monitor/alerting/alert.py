"""An alert rule, and how it is to sound when it is tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from monitor.alerting.promql import literal, quoted

LEADS = "and on (job, instance) driftd_leader == 1"
"""Only the leader is asked: a stand-by shows what it last read from the store."""
BEYOND = timedelta(minutes=1)
"""In a trial so much more has passed than is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert as it is to arrive: the labels that its series bring along, and its description."""

    description: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule. `labels` are the same for all that it tells, `wait` is how long it must hold, `runbook` its page.

    `broken` and `bare` say what it tells in the worlds of a trial in which everything is broken, and in which nothing
    was ever judged (see `worlds`).
    """

    name: str
    expr: str
    severity: str
    summary: str
    description: str
    wait: timedelta = timedelta(0)
    labels: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[Told, ...] = ()
    bare: tuple[Told, ...] = ()

    def rule(self, runbooks: str) -> dict[str, Any]:
        """The rule as Prometheus reads it; `runbooks` is the address of the folder of runbooks."""
        waits = {"for": spelled(self.wait)} if self.wait else {}
        told = {"summary": self.summary, "description": self.description, "runbook_url": f"{runbooks}/{self.name}.md"}
        labels = {"severity": self.severity, **{name: literal(value) for name, value in self.labels.items()}}
        return {"alert": self.name, "expr": self.expr, **waits, "labels": labels, "annotations": told}


def of(monitor: str, metric: str, more: str = "") -> str:
    """A metric of one monitor; `more` are matchers besides.

    >>> of("churn", "driftd_monitor_enabled")
    'driftd_monitor_enabled{monitor="churn"}'
    """
    return f"{metric}{{monitor={quoted(monitor)}{more}}}"


def seconds(time: timedelta) -> int:
    """Whole seconds, none too few.

    >>> seconds(timedelta(seconds=15.5))
    16
    """
    return -(-time // timedelta(seconds=1))


def joined(parts: Sequence[str]) -> str:
    """Expressions that hold by themselves each, as one; what one of them tells, it tells."""
    return parts[0] if len(parts) == 1 else "\nor\n".join(f"(\n{indented(part)}\n)" for part in parts)


def indented(text: str) -> str:
    """Each line two blanks further in."""
    return "\n".join(f"  {line}" for line in text.splitlines())


def spelled(time: timedelta) -> str:
    """A duration of Prometheus, in its largest whole unit of days, hours, minutes and seconds.

    >>> spelled(timedelta(days=28)), spelled(timedelta(minutes=90)), spelled(timedelta(seconds=15.5))
    ('28d', '90m', '16s')
    """
    whole = seconds(time)
    unit, size = next((u, s) for u, s in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)) if not whole % s)
    return f"{whole // size}{unit}"
