"""A window: its findings, what was read, how often it was judged and how long that took."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from monitor.finding import Finding, Status
from monitor.render import cards, sentences
from monitor.render.cards import Line
from monitor.report import Report
from monitor.web.details import Stretch, WindowDetail
from monitor.web.envelope import Refused
from monitor.web.folders import MEDIA, WINDOW, read
from monitor.web.pages import layout, moments, places
from monitor.web.table import MONITOR, Asked, Parameter, Route, moment
from monitor.wording import count, counted

MOST_LISTED, MOST_VIOLATED = 1000, 100
STATES: Mapping[str, str] = {
    "pending": "waits to be judged",
    "running": "is being judged",
    "skipped": "was left out: catching up has its bounds (`schedule.catchup`)",
    "dead": "was given up after its last attempt failed",
    "done": "was judged",
}
WHAT = Parameter(name="window", about="START_END, or START_END_rN for an older revision.", place="path")


def window(asked: Asked) -> Response:
    """A window of a monitor, in its newest revision or in the one that is asked for."""
    monitor = asked.monitor().name
    start, end, revision = stretch(asked.path["window"])
    found = asked.daemon.details.window(monitor, start, end, revision)
    if found is None:
        told = moments.stretch(start, end) if start < end else "a window that ends before it starts"
        raise Refused(404, f"monitor {monitor!r} has no window {told} UTC" + (f" r{revision}" if revision else ""))
    report = found.report
    files, rejects = _files(asked, found)
    return layout.page(
        asked,
        "window.html.j2",
        title=moments.stretch(start, end),
        crumbs=[("Monitors", ""), (monitor, places.monitor(monitor))],
        twin=_file(found, "report.json")
        if "report.json" in files
        else f"{places.API}/{places.monitor(monitor)}/windows",
        monitor=monitor,
        found=found,
        status=found.status or ("failed" if found.window.failures else "unknown"),
        headline=_headline(found),
        violated=_violated(report.findings) if report is not None else [],
        broken=[cards.line(one) for one in report.findings if one.status is Status.FAILED] if report else [],
        rest=_rest(report) if report is not None else [],
        listed=_listed(report.findings) if report is not None else [],
        left=max(0, len(report.findings) - MOST_LISTED) if report is not None else 0,
        read=_inputs(found),
        files=[(name, _file(found, name)) for name in files],
        rejects=rejects,
        revisions=[(one, _revision(found, one)) for one in found.revisions],
        earlier=_place(monitor, found.earlier),
        later=_place(monitor, found.later),
    )


def _files(asked: Asked, found: WindowDetail) -> tuple[list[str], list[dict[str, Any]]]:
    """The files that the report of this revision has, and the samples of rejected records in one of them."""
    row = found.window
    if found.report is None:
        return [], []
    folder = asked.daemon.report_folder(row.monitor, row.start, row.end, found.revision)
    if folder is None:
        return [], []
    samples = read(folder, "rejected.json")
    rows = json.loads(samples)["samples"] if samples is not None else []
    return [name for name in MEDIA if (folder / name).is_file()], rows


def stretch(text: str) -> tuple[datetime, datetime, int | None]:
    """From when to when, and which revision, as a path has it. Raises Refused."""
    match = WINDOW.fullmatch(text)
    if match is None:
        raise Refused(400, "not a window; START_END or START_END_rN would be right, with times in UTC")
    return moment(match[1], "start"), moment(match[2], "end"), None if match[3] is None else int(match[3])


def _headline(found: WindowDetail) -> str:
    """As the report has it; it does not hold which rules are required, so that this is told without them."""
    report = found.report
    if report is None:
        told = STATES.get(found.window.state, found.window.state)
        return f"No verdict: the window {told}" + (f": {found.window.reason}" if found.window.reason else "")
    if found.status != report.status.value:
        return f"UNKNOWN: a required check could not be judged; {count(report.judged)} of {count(report.asked)} judged"
    return sentences.headline(report)


def _violated(findings: Iterable[Finding]) -> list[tuple[str | None, Line]]:
    """Each with the feature that it is about, the farthest beyond its limit first."""
    violated = [one for one in findings if one.status is Status.VIOLATED]
    violated.sort(key=lambda one: -abs(one.value / one.threshold) if one.value is not None and one.threshold else 0.0)
    return [(one.feature, cards.line(one, drawn=True)) for one in violated[:MOST_VIOLATED]]


def _listed(findings: Iterable[Finding]) -> list[tuple[str | None, Line]]:
    order = (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK, Status.SKIPPED)
    ordered = sorted(findings, key=lambda one: order.index(one.status))
    return [(one.feature, cards.line(one)) for one in ordered[:MOST_LISTED]]


def _rest(report: Report) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """UNKNOWN, OK and SKIPPED: the status, how many, and a line for each rule."""
    told = (
        (Status.UNKNOWN, sentences.unknown(report)),
        (Status.OK, sentences.fine(report)),
        (Status.SKIPPED, sentences.skipped(report)),
    )
    many = {status: sum(one.status is status for one in report.findings) for status, _ in told}
    return [(status.value, count(many[status]), lines) for status, lines in told if lines]


def _inputs(found: WindowDetail) -> list[tuple[str, str]]:
    """What was read, what was not and why, with which baseline and configuration."""
    if found.report is None:
        return []
    inputs, origin = found.report.inputs, found.report.baseline
    rejected = sorted(inputs.rejected.items(), key=lambda item: (-item[1], item[0]))
    lines = [
        ("captures", count(inputs.records)),
        ("rows", count(inputs.rows)),
        *([("left out", f"{counted(inputs.dropped, 'row')}, as the configuration says (where, preprocess)")]
          if inputs.dropped else []),
        *[("rejected", f"{count(many)}: {sentences.name(reason)}") for reason, many in rejected],
        *([] if rejected else [("rejected", "none")]),
        ("came late", counted(found.late, "record") + " after the window was judged" if found.late else "none"),
        ("input digest", inputs.digest),
        ("baseline", f"{sentences.name(origin.name)}, version {sentences.name(origin.version)}"),
        ("its digest", origin.digest),
        ("its constraints", origin.constraints),
        ("configuration", found.report.config_digest),
    ]  # fmt: skip
    return [(label, text) for label, text in lines if text]


def _stamped(found: WindowDetail) -> str:
    row = found.window
    return f"{places.window(row.monitor, row.start, row.end)}"


def _revision(found: WindowDetail, number: int) -> str:
    return f"{_stamped(found)}_r{number}"


def _file(found: WindowDetail, name: str) -> str:
    """A file of the report of this revision."""
    row = found.window
    path, _, file = places.report(row.monitor, row.start, row.end, name).rpartition("/")
    return f"{path}_r{found.revision}/{file}"


def _place(monitor: str, one: Stretch | None) -> str:
    return "" if one is None else places.window(monitor, one.start, one.end)


ROUTES = (
    Route(
        path="/monitors/{monitor}/windows/{window}", handler=window, about="A window, and what was found in it.",
        parameters=(MONITOR, WHAT), media=("text/html",), refuses=(400, 404),
    ),
)  # fmt: skip
