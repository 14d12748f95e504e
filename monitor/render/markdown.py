"""Report as Markdown: report.md, the verdict and what is violated, to be put into a pull request or a ticket.

Whatever comes from captures or rules stands in code spans: there no system that reads Markdown looks for links,
mentions, references or elements. Two signs only can end a span or a table's cell; they are written as escapes.
"""

import re
from collections.abc import Iterator, Sequence

from monitor.render import evidence, quality, sentences
from monitor.render.cards import Line, broken, line, worst_first
from monitor.render.measures import against, summary
from monitor.render.untrusted import shown
from monitor.report import Report
from monitor.wording import counted

MOST_LISTED = 50
LONGEST = 400
HEADERS = ("feature", "rule", "what was seen", "measured [from, to]", "limit", "rows")
# Letters, numbers and marks that mean nothing in Markdown; no address, no name of a commit (a1b2c3d) or ticket (GH-1).
HARMLESS = re.compile(
    r"(?i)(?!.*www\.|.*\b[0-9a-f]{7,}\b)"
    r"(?:[a-z0-9 ,.;()%+]|(?<=\w)_(?=\w)|(?<=[a-z])-(?=[a-z])|(?<=\d)[-:](?=\d)|:(?= |$))+"
)


def markdown(report: Report) -> str:
    """Headline, what was read, the violated findings worst first, what broke, and the rest in a line for each rule."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"### {text(sentences.headline(report))}"
    yield ""
    yield from (f"- {label}: {text(told)}" for label, told in _facts(report))
    if followed := evidence.standing(report):
        yield from ("", *(f"- {label}: {text(told)}" for label, told in followed))
    violated = worst_first(report.violations)
    if violated:
        yield from ("", *_table([line(finding) for finding in violated[:MOST_LISTED]]))
    if measured := [(f, told) for f in violated[:MOST_LISTED] if (told := summary(f))]:
        yield from ("", "In other measures:", "")
        yield from (f"- {code(line(f).feature)}, against {against(f)}: {told}" for f, told in measured)
    if len(violated) > MOST_LISTED:
        yield from ("", f"{counted(len(violated) - MOST_LISTED, 'finding')} more: report.json has them all.")
    yield from _quality(report)
    if found := broken(report)[:MOST_LISTED]:
        yield from ("", "Broke:", "")
        yield from (f"- {code(f.rule)}, {code(f.feature)}: {code(f.what)}" for f in found)
    for title, lines in (("UNKNOWN", sentences.unknown(report)), ("OK", sentences.fine(report))):
        if lines:
            yield from ("", f"{title}:", "")
            yield from (f"- {text(label)}: {text(told)}" for label, told in lines[:MOST_LISTED])


def _quality(report: Report) -> Iterator[str]:
    labels = quality.labels(report)
    if not labels:
        return
    yield from ("", f"Model quality: {text(labels)}")
    if found := quality.metrics(report):
        yield from ("", row(quality.HEADERS), row(["---"] * len(quality.HEADERS)))
        yield from (row([code(name), *figures]) for name, *figures in found)
    if moved := quality.moves(report):
        yield from ("", *(f"- {code(label)}: {text(told)}" for label, told in moved))


def _facts(report: Report) -> list[sentences.Line]:
    origin = report.baseline
    digests = (("digest", origin.digest), ("constraints", origin.constraints))
    return [*sentences.inputs(report), *((label, digest) for label, digest in digests if digest)]


def _table(found: Sequence[Line]) -> Iterator[str]:
    yield row(HEADERS)
    yield row(["---"] * len(HEADERS))
    for one in found:
        yield row([code(one.feature), code(one.rule), code(one.what), one.measured, one.limit, one.rows])


def row(cells: Sequence[str]) -> str:
    """A row of a table, of cells that are Markdown already."""
    return f"| {' | '.join(cells)} |"


def text(words: str) -> str:
    """The words as they are where no sign in them means anything, else as code.

    >>> text("VIOLATED: 2 of 480 (10 %)"), text("see [x](http://a)")
    ('VIOLATED: 2 of 480 (10 %)', '`see [x](http://a)`')
    """
    return words if HARMLESS.fullmatch(words) else code(words)


def code(words: str) -> str:
    r"""The words as a code span that nothing in them can end, nor the cell that it stands in.

    >>> code("a`b|c"), code(" ")
    ('`a\\x60b\\x7cc`', '`" "`')
    """
    safe = shown(words, LONGEST).replace("`", r"\x60").replace("|", r"\x7c")
    return f"`{safe}`" if safe.strip() else f'`"{safe}"`'
