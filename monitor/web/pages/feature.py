"""A feature: now against the baseline, how it went over windows, and what was found of it, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from monitor.feature import Categorical, Feature
from monitor.finding import Finding, Status
from monitor.render import cards, course, moved, sentences
from monitor.render.bars import NAMED, are_comparable, bars
from monitor.render.cards import Line
from monitor.render.course import Course, Step
from monitor.render.sides import sides
from monitor.render.untrusted import shown
from monitor.web import features
from monitor.web.details import FeatureDetail, Point
from monitor.web.pages import layout, moments, places
from monitor.web.table import MONITOR, Asked, Route
from monitor.window import Window
from monitor.wording import count, number, percent

MOST_GONE = 8
MARKS = {"failed": "failed", "unknown": "unknown"}
ORDER = (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK)
NOTHING = "The baseline has no such feature, or it was counted on other cells: the two cannot be laid over each other."


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The feature over windows: quantiles, how far it moved, and rows without a value; None where none is known."""

    bands: Course | None
    score: Course | None
    missing: Course | None


def feature(asked: Asked) -> Response:
    """A feature in one window and in those before it; without a name, which there are."""
    monitor = asked.monitor().name
    if not asked.query.get("name"):
        return _list(asked, monitor)
    found = features.found(asked)
    name = found.course.feature
    status, points = _status(found), found.course.points
    ordered = _worst_first(found.report.findings)
    return layout.page(
        asked,
        "feature.html.j2",
        title=shown(name, layout.NAME),
        crumbs=[("Monitors", ""), (monitor, places.monitor(monitor))],
        twin=places.queried(f"{places.API}/{places.monitor(monitor)}/feature", name=name),
        monitor=monitor,
        name=name,
        found=found,
        status=status,
        headline=_headline(found, status),
        sentences=_sentences(found),
        lines=[_line(one, found) for one in ordered if one.status is not Status.OK],
        fine=[_line(one, found) for one in ordered if one.status is Status.OK],
        sides=sides(found.now, found.base, NAMED),
        nothing=found.trouble or NOTHING,
        gone=_gone(found.now, found.base),
        over=_over(asked, found),
        earlier=_until(monitor, name, points[0].start) if len(points) == features.SOME_POINTS else "",
        newest=places.feature(monitor, name) if asked.query.get("until") else "",
        names=[(one, places.feature(monitor, one)) for one in found.names],
    )


def _list(asked: Asked, monitor: str) -> Response:
    names = asked.daemon.details.features(monitor)
    return layout.page(
        asked,
        "features.html.j2",
        title="Features",
        crumbs=[("Monitors", ""), (monitor, places.monitor(monitor))],
        twin=f"{places.API}/{places.monitor(monitor)}",
        names=[(one, places.feature(monitor, one)) for one in names],
    )


def _status(found: FeatureDetail) -> str:
    there = {one.status for one in found.report.findings}
    return next((one.value for one in ORDER if one in there), "unknown")


def _headline(found: FeatureDetail, status: str) -> str:
    told = [one for one in found.report.findings if one.status.value == status]
    rules = sentences.together(dict.fromkeys(sentences.name(one.rule) for one in told))
    if status == "ok":
        return "OK: no check of it is violated"
    if status == "unknown" and rules:
        return f"UNKNOWN: {rules} could not be judged"
    return f"{status.upper()}: {rules}" if rules else "UNKNOWN: nothing was asked about it in this window"


def _sentences(found: FeatureDetail) -> list[str]:
    """What is violated, with since when; what its median did; rows without a value where they changed."""
    violated = [one for one in found.report.findings if one.status is Status.VIOLATED]
    told = [_told(one, found.course.feature) for one in _worst_first(violated)[:2]]
    told += [] if told else [*map(sentences.what, _unsure(found.report.findings))]
    middle = moved.median(found.now, found.base)
    told += [middle[0].upper() + middle[1:]] if middle else []
    if found.now is not None and found.base is not None and found.now.missing + found.base.missing:
        shares = [percent(side.missing_share.value) for side in (found.base, found.now)]
        told.append(f"Rows without a value: {shares[0]} in the baseline, {shares[1]} now")
    return [one for one in told if one]


def _unsure(findings: Iterable[Finding]) -> list[Finding]:
    """Of what is UNKNOWN that which would need most rows."""
    unsure = [one for one in findings if one.status is Status.UNKNOWN]
    return sorted(unsure, key=lambda one: -(one.rows_needed or 0))[:1]


def _told(finding: Finding, name: str) -> str:
    """What was seen, with the number against its limit."""
    what = sentences.what(finding)
    what = f"{shown(name, layout.NAME)} {what}" if what.startswith("has ") else what
    return "; ".join(one for one in (what, sentences.measured(finding), sentences.limit(finding)) if one)


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By status, then by how many times the limit."""
    asked = [one for one in findings if one.status is not Status.SKIPPED]
    return sorted(asked, key=lambda one: (ORDER.index(one.status), -_times(one)))


def _times(finding: Finding) -> float:
    return abs(finding.value / finding.threshold) if finding.value is not None and finding.threshold else 0.0


def _line(finding: Finding, found: FeatureDetail) -> Line:
    return cards.line(finding, drawn=True, told=found.band)


def _gone(now: Feature | None, base: Feature | None) -> str:
    """Categories that the baseline has and the window has not, with how common they were."""
    if not (isinstance(now, Categorical) and isinstance(base, Categorical) and are_comparable(now, base) and now.rows):
        return ""
    gone = [bar for bar in bars(now, base, len(base.values)) if bar.is_value and bar.base and not bar.now]
    told = [f"{shown(bar.label, 40)} ({percent(bar.base / max(1, base.rows))} of the baseline)" for bar in gone]
    more = f" and {count(len(told) - MOST_GONE)} more" if len(told) > MOST_GONE else ""
    return ", ".join(told[:MOST_GONE]) + more


def _over(asked: Asked, found: FeatureDetail) -> Over:
    points = found.course.points
    monitor, root = found.course.monitor, asked.root
    scores = [_step(one, one.score, "moved by", monitor, root) for one in points]
    missing = [_step(one, one.missing, "without a value", monitor, root) for one in points]
    return Over(
        bands=course.bands([_quantiles(one, monitor, root) for one in points], found.course.baseline_quantiles),
        score=course.values(
            scores, [one.limit for one in points], "How far it has moved in each window, and the limit"
        ),
        missing=course.values(missing, [None] * len(points), "Rows without a value in each window")
        if any(one.missing for one in points)
        else None,
    )


def _quantiles(point: Point, monitor: str, root: str) -> Step:
    told = "no numbers"
    if point.quantiles is not None:
        low, _, middle, _, high = (number(one) for one in point.quantiles)
        told = f"median {middle}, nine rows in ten from {low} to {high}"
    return Step(
        window=Window(start=point.start, end=point.end),
        value=point.quantiles,
        mark=_mark(point),
        told=f"{moments.stretch(point.start, point.end)}: {told}{_of_status(point)}",
        href=f"{root}{places.window(monitor, point.start, point.end)}",
    )


def _step(point: Point, value: float | None, what: str, monitor: str, root: str) -> Step:
    told = "not judged" if value is None else f"{what} {percent(value)} of rows"
    return Step(
        window=Window(start=point.start, end=point.end),
        value=None if value is None else float(value),
        mark=_mark(point),
        told=f"{moments.stretch(point.start, point.end)}: {told}{_of_status(point)}",
        href=f"{root}{places.window(monitor, point.start, point.end)}",
    )


def _mark(point: Point) -> str:
    return "violated" if point.violated else MARKS.get(point.status, "")


def _of_status(point: Point) -> str:
    mark = _mark(point)
    return f", {mark.upper()}" if mark else ""


def _until(monitor: str, name: str, at: datetime) -> str:
    path = f"{places.monitor(monitor)}/feature"
    return places.queried(path, name=name, until=moments.iso(at))


ROUTES: Sequence[Route] = (
    Route(
        path="/monitors/{monitor}/feature", handler=feature, about="A feature over windows, and against its baseline.",
        parameters=(MONITOR, features.NAME, features.UNTIL), media=("text/html",), refuses=(404,),
    ),
)  # fmt: skip
