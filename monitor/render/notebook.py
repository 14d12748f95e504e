"""Report for a notebook: the verdict, what was read, and what is violated, as a piece of HTML or Markdown."""

import re
from collections.abc import Sequence
from html import escape

from monitor.finding import Finding, Status
from monitor.render import sentences
from monitor.report import Report

HEADERS = ("status", "feature", "rule", "what", "measured [from, to]", "limit")
COLORS = {Status.VIOLATED: "#b00020", Status.FAILED: "#8e24aa", Status.UNKNOWN: "#8a6d00", Status.OK: "#1b6e3c"}
SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$])")


def html(report: Report) -> str:
    """The verdict and a table of the findings that are violated or failed, worst first.

    Whatever captures contain stands there as text.
    """
    color = COLORS.get(report.status, "inherit")
    parts = [f'<p><b style="color:{color}">{escape(sentences.headline(report))}</b><br>']
    parts += ["<br>".join(f"{escape(label)}: {escape(text)}" for label, text in sentences.inputs(report)), "</p>"]
    found = _listed(report)
    if found:
        parts.append(f"<table><thead><tr>{''.join(f'<th>{header}</th>' for header in HEADERS)}</tr></thead><tbody>")
        parts += [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(finding))}</tr>" for finding in found]
        parts.append("</tbody></table>")
    parts += [f"<p>{escape(label)}: {escape(text)}</p>" for label, text in sentences.unknown(report)]
    return "\n".join(parts)


def markdown(report: Report) -> str:
    """The same as Markdown."""
    lines = [f"**{_escaped(sentences.headline(report))}**", ""]
    lines += [f"- {_escaped(label)}: {_escaped(text)}" for label, text in sentences.inputs(report)]
    found = _listed(report)
    if found:
        lines += ["", _row(HEADERS), _row(["---"] * len(HEADERS))]
        lines += [_row([_escaped(cell) for cell in _cells(finding)]) for finding in found]
    told = [f"- {_escaped(label)}: {_escaped(text)}" for label, text in sentences.unknown(report)]
    return "\n".join([*lines, *([""] if told else []), *told]) + "\n"


def _listed(report: Report) -> list[Finding]:
    """Violated ones worst first, then failed ones; what broke in the same way for many features is told once."""
    violated = sorted(report.violations, key=lambda finding: -sentences.beyond(finding))
    failed = {(f.rule, f.why): f for f in reversed(report.findings) if f.status is Status.FAILED}
    return [*violated, *reversed(failed.values())]


def _cells(finding: Finding) -> tuple[str, ...]:
    return (
        finding.status.value.upper(),
        sentences.about(finding),
        sentences.name(finding.rule),
        sentences.what(finding),
        sentences.measured(finding),
        sentences.limit(finding),
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return SIGNS.sub(r"\\\1", text)
