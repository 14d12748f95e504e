"""How a monitor stands, in a word and a few more: what a person asks first of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.figures import Figures
from monitor.finding import Finding, Status
from monitor.ladder import SEVERITIES
from monitor.metrics.view import MonitorView
from monitor.render import sentences
from monitor.render.untrusted import shown
from monitor.web.pages.moments import ago
from monitor.web.people import IncidentRow
from monitor.wording import count, counted

SLACK = timedelta(minutes=15)
MOST_WORDS = 180
RANKS = {"failed": 0, "violated": 1, "unknown": 2, "none": 3, "ok": 4, "paused": 5}
"""What needs a look first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """`kind` is one of RANKS, `word` says it, `look` is its colour and form; `is_late`: verdicts should have come."""

    kind: str
    word: str
    look: str
    is_late: bool = False

    @property
    def rank(self) -> int:
        return RANKS[self.kind]


def stands(view: MonitorView, now: datetime) -> Stands:
    """How it stands now."""
    if not view.enabled:
        return Stands(kind="paused", word="PAUSED", look="off")
    late = is_late(view, now)
    if view.trouble:
        return Stands(kind="failed", word="NO VERDICT", look="failed", is_late=late)
    if view.figures is None:
        return Stands(kind="none", word="NO WINDOW YET", look="off", is_late=late)
    status = view.figures.status
    return Stands(kind=status if status in RANKS else "none", word=status.upper(), look=status, is_late=late)


def is_late(view: MonitorView, now: datetime) -> bool:
    """Whether the last verdict is older than two windows are apart."""
    if not view.enabled or view.last_success is None:
        return False
    return now - view.last_success > 2 * timedelta(seconds=view.interval_seconds) + SLACK


def gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in the order to look at them: the gravest, of those alike the furthest beyond its limit."""
    return sorted(findings, key=lambda one: (-_grave(one.severity), -_beyond(one)))


def _grave(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _beyond(finding: Finding) -> float:
    if finding.value is None or not finding.threshold:
        return 0.0
    return abs(finding.value / finding.threshold)


def in_words(finding: Finding) -> str:
    """What was found, of which feature, in a line."""
    text = sentences.what(finding) or finding.rule
    told = text if finding.feature is None else f"{sentences.name(finding.feature)} {text}"
    return shown(told, MOST_WORDS)


def summary(view: MonitorView, violated: Sequence[Finding], incident: IncidentRow | None, now: datetime) -> str:
    """The worst finding, or why there is none, in a line.

    Where the last window has none and an incident is open all the same, it says so first: labels tell of older windows,
    and an incident is not over because nobody could judge anew what it is about.
    """
    if view.trouble:
        return shown(f"the last run ended without a verdict: {view.trouble}", MOST_WORDS)
    if violated:
        more = f"; and {count(len(violated) - 1)} more" if len(violated) > 1 else ""
        return f"{in_words(gravest(violated)[0])}{more}"
    if incident is not None:
        told = shown(incident.why or incident.cause.replace("_", " "), MOST_WORDS)
        rest = quiet(view)
        return f"incident since {ago(incident.since, now)}: {told}" + (f". Last window: {rest}" if rest else "")
    return quiet(view)


def quiet(view: MonitorView) -> str:
    """What is to be said where nothing is violated."""
    figures = view.figures
    if figures is None:
        return "nothing was judged yet" if view.enabled else ""
    told = learning(figures)
    if figures.status == Status.UNKNOWN:
        return answered(figures) + (f"; {told}" if told else "")
    return told or f"{'nothing is violated; ' if figures.status == 'ok' else ''}{answered(figures)}"


def learning(figures: Figures) -> str:
    """How far learning what is usual has come; empty where that is over, or nobody learns."""
    policy = figures.policy
    if policy is None or policy.phase != "learning":
        return ""
    return f"learning what is usual: {count(policy.seen)} of {count(policy.needed)} windows"


def answered(figures: Figures) -> str:
    """What a verdict rests on; where that is too little, with how many rows."""
    rows = f" with {counted(figures.rows, 'row')}" if figures.status == Status.UNKNOWN else ""
    return f"{count(figures.judged)} of {counted(figures.asked, 'question')} could be answered{rows}"
