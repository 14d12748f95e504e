"""Report as one page for a browser: report.html, which needs no network, no script and no file beside it.

The template is filled by Jinja with everything escaped; besides, whatever does not print becomes an escape first, so
that a capture can neither make an element nor turn the direction of writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from monitor import __version__
from monitor.batch import Sample
from monitor.finding import Status
from monitor.profile import Profile
from monitor.render import cards, evidence, quality, sentences
from monitor.render.sentences import Line
from monitor.render.untrusted import shown
from monitor.report import Report
from monitor.wording import count, counted

if TYPE_CHECKING:
    from jinja2 import Template

LONGEST = 2000  # characters of any one text, those that the template's own words are made into included
MOST_LINES = 100  # of a list
PLACE, SHAPE = 200, 120  # characters of a path, and of a record's shape
ELSEWHERE = "report.json, beside this file, has them all"


def page(report: Report, now: Profile, base: Profile, rejects: Sequence[Sample] = ()) -> str:
    """The report with pictures of its features, in HTML. The same arguments give the same text."""
    features = cards.violated_features(report, now, base)
    others = cards.other_features(report, now, base)
    groups = cards.by_rule(report)
    near = cards.nearest(report)
    return _filled(
        title=f"{report.status.value.upper()}: {sentences.name(report.monitor) or 'driftd'}, driftd report",
        status=report.status.value,
        headline=sentences.headline(report),
        facts=_facts(report),
        features=features,
        features_left=_left(len({f.feature for f in report.violations if f.feature is not None}) - len(features)),
        together=cards.groups(report, features),
        window=cards.violated_window(report),
        broken=cards.broken(report)[:MOST_LINES],
        quality={"labels": quality.labels(report), "rows": quality.metrics(report), "moves": quality.moves(report)},
        legend=_legend(report),
        standing=[line for line in evidence.standing(report) if line[0] != "to accept"],
        near=near,
        near_left=_left(len((report.policy or {}).get("bands", ())) - len(near)),
        skews=evidence.skews(report) if report.policy is not None else [],
        rest=_rest(report),
        others=others,
        others_title=f"{counted(len(others), 'feature')} that {'is' if len(others) == 1 else 'are'} not violated",
        others_left=_left(len(base.features) - len(features) - len(others)),
        groups=groups,
        groups_title=f"Every finding, by rule ({count(len(report.findings))})",
        groups_left=_left(len(report.findings) - sum(len(group.lines) for group in groups), "finding"),
        read=_read(report),
        rejects=[_reject(reject) for reject in sorted(rejects, key=lambda one: (one.path, one.line))],
        rejects_title=f"Rejected: {counted(len(rejects), 'sample')}",
        version=__version__,
    )


def _filled(**values: object) -> str:
    return filled("report.html.j2", values)


def filled(name: str, values: Mapping[str, object]) -> str:
    """A template of this folder with its values, every one of them escaped."""
    return template(name).render(values).lstrip() + "\n"


@cache
def template(name: str = "report.html.j2") -> "Template":
    """A page's template, compiled: that takes longer than to fill it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("monitor", "render"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _printable(value: Any) -> Any:
    """A text as it can be shown; what the template made itself (a subclass of str) stays."""
    return shown(value, LONGEST) if type(value) is str else value


def _facts(report: Report) -> list[Line]:
    """Which monitor, window and baseline, how much was read, and how much would do where that was too little."""
    span = report.window
    lines = dict(sentences.inputs(replace(report, window=None)))
    facts = [("monitor", lines["monitor"])] if "monitor" in lines else []
    facts += [("window", sentences.span(span) if span is not None else "undated"), ("read", lines["read"])]
    required = set(report.not_judged)
    needed = max((f.rows_needed or 0 for f in report.findings if f.rule in required), default=0)
    facts += [("to judge it", f"{counted(needed, 'row')} in a window would do")] if needed else []
    return [*facts, ("baseline", lines["baseline"])]


def _read(report: Report) -> list[Line]:
    """Captures, rows, what was rejected by reason, and digests: of the bytes, and of all that they were judged by."""
    inputs, origin = report.inputs, report.baseline
    lines = [("captures", count(inputs.records)), ("rows", count(inputs.rows))]
    lines += [("left out", counted(inputs.dropped, "row"))] if inputs.dropped else []
    commonest = sorted(inputs.rejected.items(), key=lambda item: (-item[1], item[0]))
    lines += [("rejected", f"{count(many)} {sentences.name(reason)}") for reason, many in commonest[:MOST_LINES]]
    lines += [] if inputs.rejected else [("rejected", "none")]
    digests = (
        ("input digest", inputs.digest),
        ("baseline digest", origin.digest),
        ("constraints digest", origin.constraints),
        ("configuration", report.config_digest),
    )
    return lines + [(label, digest) for label, digest in digests if digest]


def _rest(report: Report) -> list[tuple[str, list[Line], bool]]:
    """UNKNOWN, OK and SKIPPED with a line for each rule; open where the verdict itself is unknown."""
    told = (
        (Status.UNKNOWN, sentences.unknown(report)),
        (Status.OK, sentences.fine(report)),
        (Status.SKIPPED, sentences.skipped(report)),
    )
    return [
        (
            f"{status.value.upper()} {count(sum(f.status is status for f in report.findings))}",
            lines[:MOST_LINES] + [("", left) for left in [_left(len(lines) - MOST_LINES, "line")] if left],
            status is Status.UNKNOWN and report.status is Status.UNKNOWN,
        )
        for status, lines in told
        if lines
    ]


def _legend(report: Report) -> list[Line]:
    """What the signs beside violated findings mean; what is measured has a small picture as well."""
    lines = sentences.legend(report, report.violations) if report.violations else []
    if any(sign == "[from, to]" for sign, _ in lines):
        lines.append(("small picture", "the interval as a line, with the figure on it; dashed: the limit; grey: 0"))
    if any(f.evidence is not None for f in report.violations):
        lines.append(("band", "filled: where a share of rows may wander, as learned, and its middle; the block is now"))
    return lines


def _reject(reject: Sample) -> dict[str, str]:
    return {
        "place": f"{shown(reject.path, PLACE)}:{reject.line}",
        "reason": sentences.name(reject.reason),
        "why": shown(reject.why, PLACE),
        "shape": shown(reject.shape, SHAPE),
    }


def _left(many: int, thing: str = "feature") -> str:
    """What the page has no room for, and where it stands."""
    return f"{counted(many, thing)} more: {ELSEWHERE}." if many > 0 else ""
