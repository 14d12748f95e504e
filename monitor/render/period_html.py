"""Period as one page for a browser, which needs no network, no script and no file beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor import __version__
from monitor.finding import Status
from monitor.incident import Incident
from monitor.period import Answer, Due, Period, Quality, Violations
from monitor.render import period as words
from monitor.render import sentences
from monitor.render.drawing import Picture
from monitor.render.heatmap import Mark, Row, heatmap, mark
from monitor.render.html import filled
from monitor.render.lanes import Lane, Stretch, lanes
from monitor.render.sentences import Line
from monitor.render.untrusted import shown
from monitor.render.volumes import volumes
from monitor.report import Inputs, Origin, Report
from monitor.window import Window
from monitor.wording import count, counted

MOST_ROWS, FEW_ROWS, MOST_LISTED, MOST_WINDOWS = 60, 8, 200, 1000
DIGEST = 19  # characters of a digest in a list; the whole ones stand in the tables of what was judged by
ELSEWHERE = "--form json has them all"
WEIGHT = {Mark.FAR: 4.0, Mark.VIOLATED: 3.0, Mark.FAILED: 1.0, Mark.UNKNOWN: 0.3, Mark.NEAR: 0.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident, ready to be shown."""

    cause: str
    why: str
    severity: str
    lines: Sequence[Line]


def page(period: Period) -> str:
    """The period in HTML. The same period gives the same text."""
    listed = period.violations[:MOST_LISTED]
    missing = words.not_judged(period)
    return filled(
        "period.html.j2",
        {
            "title": f"{sentences.name(period.monitor)}, {words.stretch(period)}, driftd report",
            "status": period.status.value,
            "headline": words.headline(period),
            "facts": words.facts(period),
            **_pictures(period),
            "incidents": [_incident(one, period) for one in period.incidents[:MOST_LISTED]],
            "incidents_left": _left(len(period.incidents) - MOST_LISTED, "incident"),
            "violations": [_violation(one, period) for one in listed],
            "violations_left": _left(len(period.violations) - MOST_LISTED, "line"),
            "legend": _legend(listed),
            "judged": period.judged,
            "unanswered": [words.unanswered(one) for one in period.unanswered[:MOST_LISTED]],
            "metrics": [_quality(one) for one in period.metrics],
            "rules": [_rule(one.rule, one.findings, one.violated) for one in period.rules],
            **_sources(period),
            "deeds": [*_deeds(period)],
            "lost": [
                (words.short(one.at), one.receiver, one.kind, count(one.attempts), one.why)
                for one in period.lost[:MOST_LISTED]
            ],
            "missing": [(_span(one), why) for one, why in missing[:MOST_LISTED]],
            "missing_left": _left(len(missing) - MOST_LISTED, "window"),
            "windows": [_window(one) for one in period.due[-MOST_WINDOWS:]],
            "windows_left": _left(len(period.due) - MOST_WINDOWS, "earlier window"),
            "version": __version__,
        },
    )


def rows(period: Period) -> tuple[list[Row], str]:
    """The window's own verdicts, then the features of which anything is to be told, those first that were worst for
    longest; and what is left out. Of features that were OK throughout a few stand for all."""
    own = [Mark.NONE if one.status is None else mark(one.status) for one in period.due]
    found = [Row(name=name, marks=[_mark(one) for one in answers]) for name, answers in period.features.items()]
    found.sort(key=lambda row: -sum(WEIGHT.get(one, 0.0) for one in row.marks))
    news = sum(any(one in WEIGHT for one in row.marks) for row in found)
    shown_rows = found[: min(MOST_ROWS, max(news, FEW_ROWS))]
    left, calm = len(found) - len(shown_rows), min(len(found) - news, len(found) - len(shown_rows))
    told = _left(left, "feature") if calm < left else f"{counted(left, 'feature')} more, OK in every window."
    return [Row(name="the window", marks=own), *shown_rows], told if left else ""


def _mark(answer: Answer | None) -> Mark:
    return Mark.NONE if answer is None else mark(answer.status, answer.reached)


def _pictures(period: Period) -> dict[str, Any]:
    """Over one axis: what was found, what went on, how many rows came."""
    windows = [one.window for one in period.due]
    if not windows:
        return {"map": "", "rejected": ""}
    stretch = Window(start=min(period.start, windows[0].start), end=period.end)
    found, left = rows(period)
    others = _lanes(period)
    lost = sum(words.rejects(period).values())
    return {
        "map": heatmap(windows, found, stretch),
        "map_told": "A column is a window, a row a feature, those first that were worst for longest. "
        "Blank: no window was judged there.",
        "map_left": left,
        "lanes": lanes(stretch, others) if others else None,
        "volumes": _volumes(period, windows, stretch),
        "rejected": f"{count(lost)} in all" if lost else "",
    }


def _volumes(period: Period, windows: Sequence[Window], stretch: Window) -> Picture:
    rejected = [sum(one.rejected.values()) for one in period.due]
    return volumes(windows, [one.rows for one in period.due], rejected, stretch)


def _lanes(period: Period) -> list[Lane]:
    """Incidents, mutes, what people told by its kind, and when something else was judged by."""
    fired = [Stretch(start=one.first.start, end=one.last.end, text=one.cause.value) for one in period.incidents]
    muted = [Stretch(start=one.mute.at, end=one.mute.until) for one in period.incidents if one.mute is not None]
    found = [Lane(name="incidents", things=fired, is_fault=True), Lane(name="muted", things=muted)]
    for kind in dict.fromkeys(one.kind for one in period.deeds):
        of_kind = [one for one in period.deeds if one.kind == kind]
        things = [Stretch(start=one.at, end=one.until, text=one.why or one.about) for one in of_kind]
        found.append(Lane(name=words.deed(kind), things=things))
    for name, used in (("other baseline", period.baselines), ("other configuration", period.configs)):
        found.append(Lane(name=name, things=[Stretch(start=at, text=to) for at, to in words.changes(used)]))
    return [lane for lane in found if lane.things]


def _incident(incident: Incident, period: Period) -> Told:
    lines = [
        ("life", words.life(incident, period.end)),
        ("about", words.about(incident)),
        *(("seen", shown(one, sentences.SENTENCE).replace(" -> ", " → ")) for one in incident.evidence[:MOST_LISTED]),
        ("answer", words.answered(incident)),
        ("id", incident.id),
    ]
    lines += [("owner", sentences.name(incident.owner))] if incident.owner else []
    return Told(
        cause=incident.cause.value,
        why=shown(incident.why, sentences.SENTENCE),
        severity=incident.severity,
        lines=lines,
    )


def _violation(one: Violations, period: Period) -> tuple[str, ...]:
    worst = one.worst
    number = ", ".join(part for part in (sentences.measured(worst), sentences.limit(worst)) if part)
    begun = f"{words.since(one)}; {words.until(one, period)}"
    return sentences.about(worst), sentences.name(one.rule), words.often(one), begun, sentences.what(worst), number


def _legend(listed: Sequence[Violations]) -> list[Line]:
    findings = tuple(one.worst for one in listed)
    whole = Report(monitor="", window=None, baseline=Origin(), inputs=Inputs(), findings=findings)
    return sentences.legend(whole, findings)


def _quality(one: Quality) -> tuple[str, ...]:
    return (
        "(all metrics)" if one.metric is None else sentences.name(one.metric),
        sentences.name(one.rule),
        words.quality(one),
        words.short(one.at.end),
        f"{one.latest.status.value.upper()}: {sentences.what(one.latest)}",
        sentences.measured(one.latest),
        sentences.limit(one.latest),
    )


def _rule(rule: str, many: Any, violated: int) -> tuple[str, ...]:
    order = (Status.FAILED, Status.UNKNOWN, Status.OK, Status.SKIPPED)
    cells = (count(many[Status.VIOLATED]), count(violated), *(count(many[status]) for status in order))
    return (sentences.name(rule), *cells)


def _sources(period: Period) -> dict[str, Any]:
    return {
        "baselines": [
            (one.name or "none", one.digest, one.more, words.short(one.first.start), words.short(one.last.end),
             count(one.windows)) for one in period.baselines
        ],
        "configs": [
            (one.digest or "none", words.short(one.first.start), words.short(one.last.end), count(one.windows))
            for one in period.configs
        ],
    }  # fmt: skip


def _deeds(period: Period) -> Iterator[tuple[str, ...]]:
    for one in period.deeds[:MOST_LISTED]:
        at = words.short(one.at) + (f" to {words.short(one.until)}" if one.until is not None else "")
        yield at, words.deed(one.kind), one.about, one.who, one.why


def _window(one: Due) -> tuple[str, ...]:
    return (
        words.short(one.window.start),
        words.short(one.window.end),
        one.verdict.upper() if one.status is not None else one.verdict,
        f"{count(one.judged)} of {count(one.asked)}",
        count(one.violated),
        count(one.rows),
        count(sum(one.rejected.values())),
        count(one.revision),
        sentences.name(one.baseline.version or one.baseline.name),
        one.config_digest[:DIGEST],
        one.input_digest[:DIGEST],
    )


def _span(window: Window) -> str:
    return f"{words.short(window.start)} to {words.short(window.end)}"


def _left(many: int, thing: str) -> str:
    """What the page has no room for, and where it stands."""
    return f"{counted(many, thing)} more: {ELSEWHERE}." if many > 0 else ""
