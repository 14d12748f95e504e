"""Features by windows: how far each has moved in each of them, what nobody could judge, and where nothing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.figures import DRIFT_RULES, Score
from monitor.finding import Finding
from monitor.render.untrusted import shown
from monitor.web.history import Seen
from monitor.web.pages import moments
from monitor.wording import number, percent

LEVELS = 4
"""Shades of what is not violated, by how much of its limit has been used."""
RECENT = 24
DAY = "%a %-d %b"
ROOM = 6
"""Columns that the name of a day with its month takes."""
NAME = 32
OF_ROWS = ("largest_shift", "largest_shift_from_training")
"""Scores that are a share of rows."""
NO_VERDICT = {
    "skipped": "skipped: too far back to be caught up with",
    "dead": "given up after failed runs",
    "pending": "not judged yet",
    "running": "is being judged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`kind` is v (violated), u (unknown), n (nothing) or o0 to o3, `text` what it says when it is pointed at."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A feature and its cells; `violated` counts windows."""

    feature: str
    cells: Sequence[Cell]
    violated: int
    weight: tuple[bool, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many columns side by side of one day, month or year."""

    text: str
    span: int


Columns = Sequence[Seen | None]
"""Windows in order; None stands for a time of which there is no window."""


def columns(windows: Sequence[Seen]) -> list[Seen | None]:
    """The windows, and a gap where one does not begin where the one before ended."""
    found: list[Seen | None] = []
    for before, window in zip((None, *windows), windows, strict=False):
        found += [None] if before is not None and window.start > before.end else []
        found.append(window)
    return found


def lines(over: Columns, findings: Sequence[Finding], weights: Mapping[str, float] | None = None) -> list[Line]:
    """A line for each feature that was asked about, what moved most and matters most first.

    `weights` are the parts of the budget that some features have; of the others each counts as an even part of it.
    """
    scores, names = [_scores(one) for one in over], _features(over, findings)
    parts = {name: (weights or {}).get(name, 1 / len(names)) * len(names) for name in names}
    made = [_line(feature, over, scores, parts[feature]) for feature in names]
    return sorted(made, key=lambda line: (*(-one for one in line.weight), line.feature))


def _features(over: Columns, findings: Sequence[Finding]) -> list[str]:
    """Those of which somewhere a score, a verdict or an open question is known."""
    names: dict[str, None] = {}
    for one in over:
        if one is not None and one.figures is not None:
            names |= dict.fromkeys(one.figures.drift) | dict.fromkeys(score.feature for score in one.figures.scores)
    asked = (f.feature for f in findings if f.rule in (*DRIFT_RULES, "skew") and f.feature is not None)
    return list(names | dict.fromkeys(asked))


def _scores(one: Seen | None) -> Mapping[str, Score]:
    return {} if one is None or one.figures is None else {score.feature: score for score in one.figures.scores}


def _line(feature: str, over: Columns, known: Sequence[Mapping[str, Score]], part: float) -> Line:
    scores = [found.get(feature) for found in known]
    cells = [_cell(one, feature, score) for one, score in zip(over, scores, strict=True)]
    judged = [one for one in over if one is not None and one.figures is not None]
    violated = sum(cell.kind == "v" for cell in cells)
    most = max((used(score) for score in scores[-RECENT:] if score is not None), default=0.0)
    is_now = bool(judged) and feature in judged[-1].violated
    return Line(feature=feature, cells=cells, violated=violated, weight=(is_now, part * violated, part * most))


def used(score: Score) -> float:
    """How much of its limit a score takes."""
    if not score.threshold:
        return 0.0
    ratio = score.score / score.threshold
    return 1 / ratio if score.method.endswith("_p") and ratio else max(ratio, 0.0)


def _cell(one: Seen | None, feature: str, score: Score | None) -> Cell:
    if one is None or one.figures is None:
        return Cell(kind="n", text=without(one))
    told = "" if score is None else _told(score)
    rules = one.violated.get(feature, ())
    if rules:
        return Cell(kind="v", text=f"violated ({', '.join(shown(rule, NAME) for rule in dict.fromkeys(rules))}) {told}")
    if feature not in one.figures.drift:
        return Cell(kind="u", text=f"unknown {told}")
    level = 0 if score is None else min(int(used(score) * LEVELS), LEVELS - 1)
    return Cell(kind=f"o{level}", text=told or "ok")


def without(one: Seen | None) -> str:
    """Why there is no verdict."""
    return "no window" if one is None else NO_VERDICT.get(one.state, one.state)


def _told(score: Score) -> str:
    amount = percent if score.method in OF_ROWS else number
    limit = "" if score.threshold is None else f", limit {amount(score.threshold)}"
    return f"{amount(score.score)}{limit}"


def groups(over: Columns) -> list[Group]:
    """The columns by day, or by month or year where days would be too many."""
    times = [None if one is None else one.start for one in over]
    for form in (DAY, "%b %Y", "%Y"):
        found = _grouped(times, form)
        if len(found) <= max(len(over) // 3, 1):
            return _brief(found) if form == DAY else found
    return found


def _brief(groups: Sequence[Group]) -> list[Group]:
    """Days of a few columns without their month: the heading has it."""
    return [replace(one, text=one.text.rpartition(" ")[0]) if one.span < ROOM else one for one in groups]


def _grouped(times: Sequence[datetime | None], form: str) -> list[Group]:
    found: list[Group] = []
    for at in times:
        text = found[-1].text if at is None and found else "" if at is None else at.strftime(form)
        if found and found[-1].text == text:
            found[-1] = Group(text=text, span=found[-1].span + 1)
        else:
            found.append(Group(text=text, span=1))
    return found


def heads(over: Columns) -> Sequence[Mapping[str, str]]:
    """Of each column its verdict, and what it says when it is pointed at."""
    found = []
    for one in over:
        kind = {"violated": "v", "unknown": "u", "failed": "f", "ok": "o0"}.get(one.status, "n") if one else "n"
        told = (one.status or without(one)) if one else "no window"
        when = "" if one is None else f"{moments.stretch(one.start, one.end)}: "
        found.append({"kind": kind, "text": f"{when}{told}"})
    return found
