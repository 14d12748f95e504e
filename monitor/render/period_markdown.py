"""Period as Markdown, to be put into a ticket: the verdict, incidents, what was violated, what it was judged by."""

from collections.abc import Iterator, Sequence

from monitor.period import Period
from monitor.render import period as words
from monitor.render import sentences
from monitor.render.markdown import code, row, text
from monitor.wording import count, counted

MOST_LISTED = 50
LEFT = "more: `--form json` has them all."


def period_markdown(period: Period) -> str:
    """The page's words without its pictures."""
    return "\n".join(_lines(period)) + "\n"


def _lines(period: Period) -> Iterator[str]:
    yield f"### {period.status.value.upper()}: {text(words.headline(period))}"
    yield ""
    yield from (f"- {label}: {text(told)}" for label, told in words.facts(period))
    for incident in period.incidents[:MOST_LISTED]:
        yield from ("", f"**Incident {code(incident.id)}: {incident.cause.value}**: {code(incident.why)}", "")
        yield f"- {text(words.life(incident, period.end))}"
        yield f"- about {text(words.about(incident))}"
        yield f"- {text(words.answered(incident))}"
    yield from _left(len(period.incidents), "incident")
    yield from _table("Violated", VIOLATED, _violated(period), len(period.violations))
    yield from _table("Could not be judged", OPEN, _unanswered(period), len(period.unanswered))
    yield from _table("Model quality", QUALITY, _quality(period), len(period.metrics))
    yield from _table("Judged by", SOURCES, _sources(period), 0)
    yield from _table("What people did", DEEDS, _deeds(period), len(period.deeds))
    yield from _table("Messages that never arrived", LOST, _lost(period), len(period.lost))
    missing = words.not_judged(period)
    told = [[words.short(one.start), words.short(one.end), text(why)] for one, why in missing]
    yield from _table("Windows without a verdict", ("from", "to", "why"), told[:MOST_LISTED], len(missing))


VIOLATED = ("feature", "rule", "how often", "since", "until", "at its worst", "measured [from, to]", "limit")
OPEN = ("reason", "about", "asked by", "in")
QUALITY = ("metric", "windows", "said last", "measured [from, to]", "limit")
SOURCES = ("what", "digest", "from", "to", "windows")
DEEDS = ("when (UTC)", "what", "about", "who", "why")
LOST = ("given up (UTC)", "receiver", "event", "why")


def _violated(period: Period) -> list[list[str]]:
    return [
        [
            code(sentences.about(one.worst)),
            code(one.rule),
            words.often(one),
            words.since(one),
            words.until(one, period),
            code(sentences.what(one.worst)),
            sentences.measured(one.worst),
            sentences.limit(one.worst),
        ]
        for one in period.violations[:MOST_LISTED]
    ]


def _unanswered(period: Period) -> list[list[str]]:
    found = [words.unanswered(one) for one in period.unanswered[:MOST_LISTED]]
    return [[code(told), code(whose), code(rules), windows] for told, whose, rules, windows in found]


def _quality(period: Period) -> list[list[str]]:
    return [
        [
            code(one.metric or "all metrics"),
            words.quality(one),
            f"{one.latest.status.value.upper()}: {code(sentences.what(one.latest))}",
            sentences.measured(one.latest),
            sentences.limit(one.latest),
        ]
        for one in period.metrics[:MOST_LISTED]
    ]


def _sources(period: Period) -> list[list[str]]:
    found = [(one.name or "no baseline", one) for one in period.baselines]
    found += [("configuration", one) for one in period.configs]
    return [
        [text(what), code(one.digest or "none"), words.short(one.first.start), words.short(one.last.end),
         count(one.windows)] for what, one in found
    ]  # fmt: skip


def _deeds(period: Period) -> list[list[str]]:
    return [
        [words.short(one.at), text(words.deed(one.kind)), code(one.about), code(one.who), one.why and code(one.why)]
        for one in period.deeds[:MOST_LISTED]
    ]


def _lost(period: Period) -> list[list[str]]:
    lost = period.lost[:MOST_LISTED]
    return [[words.short(one.at), code(one.receiver), code(one.kind), code(one.why)] for one in lost]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], of: int) -> Iterator[str]:
    if rows:
        yield from ("", f"{title}:", "", row(heads), row(["---"] * len(heads)), *map(row, rows))
        yield from _left(of, "line")


def _left(many: int, thing: str) -> Iterator[str]:
    if many > MOST_LISTED:
        yield from ("", f"{counted(many - MOST_LISTED, thing)} {LEFT}")
