"""Report for a notebook's cell: the verdict, what was read, and what is violated, as a piece of HTML."""

from html import escape

from monitor.finding import Status
from monitor.render import sentences
from monitor.render.cards import broken, line, worst_first
from monitor.report import Report
from monitor.wording import counted

MOST_LISTED = 50
HEADERS = ("feature", "rule", "what was seen", "measured [from, to]", "limit", "rows")
COLORS = {Status.VIOLATED: "#b00020", Status.FAILED: "#8e24aa", Status.UNKNOWN: "#8a6d00", Status.OK: "#1b6e3c"}


def html(report: Report) -> str:
    """The verdict, a table of the violated findings, worst first, what broke, and what is unknown.

    Whatever captures contain stands there as text.
    """
    verdict = f'<b style="color:{COLORS.get(report.status, "inherit")}">{escape(sentences.headline(report))}</b>'
    parts = [f"<p>{'<br>'.join([verdict, *_told(sentences.inputs(report))])}</p>"]
    violated = worst_first(report.violations)
    if violated:
        lines = [line(finding) for finding in violated[:MOST_LISTED]]
        cells = [(one.feature, one.rule, one.what, one.measured, one.limit, one.rows) for one in lines]
        rows = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in cells]
        head = "".join(f"<th>{header}</th>" for header in HEADERS)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>\n{chr(10).join(rows)}\n</tbody></table>")
    if len(violated) > MOST_LISTED:
        parts.append(f"<p>{counted(len(violated) - MOST_LISTED, 'finding')} more</p>")
    rest = [(f"{one.rule} broke", f"{one.feature}: {one.what}") for one in broken(report)[:MOST_LISTED]]
    rest += sentences.unknown(report)[:MOST_LISTED]
    if rest:
        parts.append(f"<p>{'<br>'.join(_told(rest))}</p>")
    return "\n".join(parts)


def _told(lines: list[sentences.Line]) -> list[str]:
    return [f"{escape(label)}: {escape(text)}" for label, text in lines]
