"""Report: all findings of one monitor and one window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.finding import Finding, Status

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was read: captures, rows measured, rows left out, records rejected by reason, and a digest of the bytes."""

    records: int = 0
    rows: int = 0
    dropped: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which baseline was judged against; `constraints` is the digest of its hand-editable file."""

    name: str = ""
    version: str = ""
    digest: str = ""
    constraints: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last event time of what was read, or the window's ends."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings in the order of the checks; `required` names the rules that must be judged for an OK.

    `policy` is how the policy stands, JSON-able; None where windows are not followed. So is `quality`: the metrics of
    model quality and the coverage of labels; None where there is no problem. And `truth`: how labels repeated or
    corrected each other; None where they do not come apart.
    """

    monitor: str
    window: Span | None
    baseline: Origin
    inputs: Inputs
    config_digest: str = ""
    findings: tuple[Finding, ...] = ()
    required: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    quality: Mapping[str, Any] | None = None
    truth: Mapping[str, Any] | None = None
    version: int = VERSION

    @property
    def judged(self) -> int:
        """Findings that say yes or no."""
        return sum(f.status in (Status.OK, Status.VIOLATED) for f in self.findings)

    @property
    def asked(self) -> int:
        """Findings to which the question applied."""
        return sum(f.status is not Status.SKIPPED for f in self.findings)

    @property
    def status(self) -> Status:
        """VIOLATED if any finding is; else FAILED if any is; else UNKNOWN where nothing, or not a required check,
        was judged; else OK."""
        found = {finding.status for finding in self.findings}
        if Status.VIOLATED in found:
            return Status.VIOLATED
        if Status.FAILED in found:
            return Status.FAILED
        if not self.judged or self.not_judged:
            return Status.UNKNOWN
        return Status.OK

    @property
    def not_judged(self) -> tuple[str, ...]:
        """Required rules that gave findings, none of which says yes or no."""
        given = {f.rule for f in self.findings if f.status is not Status.SKIPPED}
        judged = {f.rule for f in self.findings if f.status in (Status.OK, Status.VIOLATED)}
        return tuple(rule for rule in self.required if rule in given - judged)

    @property
    def violations(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.status is Status.VIOLATED)
