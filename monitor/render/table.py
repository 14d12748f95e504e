"""Report for a terminal: the verdict, what was read, findings worst first, and how sure the rest is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.finding import Finding, Status
from monitor.render import evidence, quality, sentences
from monitor.report import Report
from monitor.wording import count

WIDTH, NARROWEST = 120, 40
ROOM = 30  # columns that what was seen needs; with less the parts of a finding stand under each other
GAP = 2
ORDER = (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK, Status.SKIPPED)
STYLES = {
    Status.VIOLATED: "bold red",
    Status.FAILED: "bold magenta",
    Status.UNKNOWN: "yellow",
    Status.OK: "green",
    Status.SKIPPED: "dim",
}
HEADERS = ("status", "feature", "rule", "what", "measured [from, to]\nand its limit", "rows")
WIDEST = (8, sentences.NAME, sentences.NAME, 0, 28, 16)  # of each column; 0: the room that is left
GLUE = "\ue000"  # a space at which no line is broken; made a space again at the end
GLUED = re.compile(
    r"(?<=\d) (?=\d{3}\b|%|sd\b|rows?\b)|(?<=->|\.\.) | (?=->|\.\.)|(?<=[%\ddx]) (?=\[)|(?<=,) (?=[-+.\d]+\])"
)


def table(report: Report, *, width: int | None = None, color: bool = False, all_findings: bool = False) -> str:
    """The report as a person reads it, no line wider than `width` (120), escape sequences only with `color`.

    Violated and failed findings are listed worst first, with `all_findings` the others too. Whatever captures
    contain reaches the terminal as text only.
    """
    console = _console(max(NARROWEST, width or WIDTH), color)
    for place, part in enumerate(_parts(report, console.width, all_findings)):
        if place:
            console.print()
        console.print(part)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue().replace(GLUE, " ")
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _console(width: int, color: bool) -> Console:
    """A console that asks neither the terminal nor the environment."""
    return Console(
        file=StringIO(),
        width=width,
        height=1000,
        force_terminal=color,
        force_jupyter=False,
        force_interactive=False,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
    )


def _parts(report: Report, width: int, all_findings: bool) -> Iterator[RenderableType]:
    yield _text(sentences.headline(report), STYLES[report.status])
    yield _lines(sentences.inputs(report))
    if followed := evidence.standing(report):
        yield _lines(followed)
    listed = _listed(report, all_findings)
    if listed:
        yield _side_by_side(listed, width) or _stacked(listed)
    if labels := quality.labels(report):
        yield _quality(report, labels)
    if unknown := sentences.unknown(report):
        yield _section(report, Status.UNKNOWN, unknown)
    if fine := sentences.fine(report):
        yield _section(report, Status.OK, fine)
    if skipped := sentences.skipped(report):
        yield _section(report, Status.SKIPPED, skipped)
    if legend := sentences.legend(report, listed):
        yield _lines(legend, "dim")


def _quality(report: Report, labels: str) -> Table:
    """How right the model is, and whether its answers have moved."""
    result = Table.grid()
    result.add_row(_text(f"model quality: {labels}", "bold"))
    if found := quality.metrics(report):
        figures = Table(box=None, pad_edge=False, show_edge=False, padding=(0, GAP, 0, GAP))
        for header in quality.HEADERS:
            figures.add_column(_text(header, "dim"), overflow="fold")
        for row in found:
            figures.add_row(*map(_text, row))
        result.add_row(figures)
    if moved := quality.moves(report):
        result.add_row(_lines(moved))
    return result


def _listed(report: Report, all_findings: bool) -> list[Finding]:
    if all_findings:
        chosen: Sequence[Finding] = report.findings
    else:
        chosen = _broken_together([f for f in report.findings if f.status in ORDER[:2]])
    return sorted(chosen, key=lambda f: (ORDER.index(f.status), -sentences.beyond(f)))


def _broken_together(findings: Sequence[Finding]) -> list[Finding]:
    """A rule that broke in the same way for many features is told once."""
    groups: dict[object, list[Finding]] = {}
    for place, finding in enumerate(findings):
        key = (finding.rule, finding.why) if finding.status is Status.FAILED else place
        groups.setdefault(key, []).append(finding)
    return [
        group[0] if len(group) == 1 else replace(group[0], feature=f"{count(len(group))} features")
        for group in groups.values()
    ]


def _side_by_side(findings: Sequence[Finding], width: int) -> Table | None:
    """A column for each part; what was seen takes the room that is left; None where that is too little."""
    rows = [_cells(finding) for finding in findings]
    longest = [
        max(cell_len(line) for row in [HEADERS, *rows] for line in row[i].split("\n")) for i in range(len(HEADERS))
    ]
    widths = [min(most, needed) for most, needed in zip(WIDEST, longest, strict=True)]
    left = width - sum(widths) - GAP * (len(HEADERS) - 1)
    if left < ROOM:
        return None
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP - 1, 0, 0))
    for header, needed in zip(HEADERS, widths, strict=True):
        result.add_column(_text(header, "bold"), width=needed or left, overflow="fold")
    for finding, row in zip(findings, rows, strict=True):
        result.add_row(_text(row[0], STYLES[finding.status]), *map(_text, row[1:]))
    return result


def _cells(finding: Finding) -> tuple[str, ...]:
    return (
        finding.status.value.upper(),
        sentences.about(finding),
        sentences.name(finding.rule),
        sentences.what(finding),
        _joined(",\n", sentences.measured(finding), sentences.limit(finding)),
        sentences.rows(finding).replace(" against", "\nagainst"),
    )


def _stacked(findings: Sequence[Finding]) -> Table:
    """The parts of a finding under each other, beside its status."""
    result = Table.grid(padding=(0, GAP, 0, 0))
    result.add_column(width=len("VIOLATED"))
    result.add_column(overflow="fold")
    for finding in findings:
        status, feature, rule, what, *_ = _cells(finding)
        number = _joined(", ", sentences.measured(finding), sentences.limit(finding))
        figures = _joined("; ", number, sentences.rows(finding))
        result.add_row(_text(status, STYLES[finding.status]), _text(_joined("\n", f"{rule}: {feature}", what, figures)))
    return result


def _section(report: Report, status: Status, lines: Sequence[sentences.Line]) -> Table:
    """A count of findings, and a line for each rule."""
    result = Table.grid()
    result.add_row(
        _text(f"{status.value.upper()} {count(sum(f.status is status for f in report.findings))}", STYLES[status])
    )
    result.add_row(_lines(lines))
    return result


def _lines(lines: Sequence[sentences.Line], style: str = "") -> Table:
    """Labels and texts in two columns, a little to the right."""
    result = Table.grid(padding=(0, GAP, 0, 0))
    result.add_column(width=0)
    result.add_column(no_wrap=True)
    result.add_column(overflow="fold")
    for label, text in lines:
        result.add_row("", _text(label, style), _text(text, style))
    return result


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _text(text: str, style: str = "") -> Text:
    return Text(GLUED.sub(GLUE, text), style=style)
