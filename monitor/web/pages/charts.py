"""Numbers of windows in a row, for the script that draws them; each with the words that stand for it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.figures import Figures
from monitor.finding import Finding, Status
from monitor.quality.metrics import CHIEF
from monitor.web.history import Seen
from monitor.web.pages.grid import Columns, used, without
from monitor.wording import counted, number, percent

USUAL = (0.05, 0.95)
LEAST_QUIET = 10
"""Windows without a violation that it takes to say what is usual."""
MOST_METRICS = 6
HIGH, MOST_LIMITS = 100, 3.0
COVERAGE = "label_coverage"
QUALITY = "model_quality"
MEANINGS = {
    COVERAGE: "predictions whose outcome is known",
    "accuracy": "share of right answers",
    "precision": "of those called positive, how many are",
    "recall": "of the positive ones, how many are found",
    "f1": "precision and recall in one number",
    "weighted_f1": "precision and recall of every class",
    "auc": "chance that a positive one scores above a negative one",
    "log_loss": "how wrong probabilities are; lower is better",
    "mae": "error of an answer on average; lower is better",
    "rmse": "the same, large errors count more",
    "r2": "how much of the variation is explained, at most 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`values` are those of each window, None where there is none, `texts` the same in words; `more` is drawn on top.
    From `least` to `most` is shown, `band` is what is usual, `limit` from where on it counts. `about` explains it."""

    name: str
    about: str
    now: str
    values: Sequence[float | None]
    texts: Sequence[str]
    least: float = 0.0
    most: float = 1.0
    more: Sequence[float | None] = ()
    band: tuple[float, float] | None = None
    limit: float | None = None
    is_bars: bool = False

    @property
    def drawn(self) -> Mapping[str, Any]:
        """What the script needs."""
        return {
            "values": [self._placed(value) for value in self.values],
            "more": [self._placed(value) for value in self.more],
            "texts": list(self.texts),
            "range": [_short(self.least), _short(self.most)],
            "band": None if self.band is None else [_short(bound) for bound in self.band],
            "limit": self.limit,
            "bars": self.is_bars,
        }

    def _placed(self, value: float | None) -> float | None:
        """Where it is drawn: what is far beyond lies on the edge."""
        return None if value is None or not math.isfinite(value) else _short(min(max(value, self.least), self.most))


def charts(over: Columns, findings: Sequence[Finding]) -> list[Chart]:
    """How far the furthest feature is, how near an alarm, rows, and what is known of the model's quality."""
    furthest = _each(over, _furthest)
    evidence = _each(over, lambda figures: None if figures.policy is None else figures.policy.evidence)
    return [
        *_of_limit(over, furthest, "Furthest feature", "its score, in limits of its own; dashed: 1, its limit"),
        *_of_limit(over, evidence, "Evidence", "of all features, towards the next alarm; dashed: 1, an alarm"),
        _rows(over),
        *_quality(over, findings),
    ]


def _furthest(figures: Figures) -> float | None:
    """Not known where too little could be judged: a few rows lie far off by chance."""
    if figures.status == Status.UNKNOWN:
        return None
    return max((used(one) for one in figures.scores), default=None)


def _of_limit(over: Columns, values: Sequence[float | None], name: str, about: str) -> list[Chart]:
    """Numbers whose limit is 1; nothing where none is known."""
    there = [value for value in values if value is not None]
    if not there:
        return []
    texts = _texts(over, values, lambda value: f"{value:.2f}" if value < HIGH else number(value))
    most = min(max(1.2, *there), MOST_LIMITS)
    return [
        Chart(
            name=name, about=about, now=_last(texts, values), values=values, texts=texts, most=most,
            band=_usual(over, values), limit=1.0,
        )
    ]  # fmt: skip


def _usual(over: Columns, values: Sequence[float | None]) -> tuple[float, float] | None:
    """Between which values nine of ten windows lie in which nothing was violated."""
    pairs = zip(over, values, strict=True)
    quiet = sorted(value for one, value in pairs if one is not None and one.status == "ok" and value is not None)
    if len(quiet) < LEAST_QUIET:
        return None
    low, high = (quiet[round(share * (len(quiet) - 1))] for share in USUAL)
    return low, high


def _rows(over: Columns) -> Chart:
    values = _each(over, lambda figures: figures.rows)
    late = [None if one is None else one.late or None for one in over]
    texts = [
        _text(one, value, lambda value: counted(int(value), "row"))
        + (f", {counted(after, 'record')} late" if after else "")
        for one, value, after in zip(over, values, late, strict=True)
    ]
    most = max([1.0, *(value for value in values if value is not None)])
    return Chart(
        name="Rows", about="in each window; on top: records that came too late for it", now=_last(texts, values),
        values=values, texts=texts, most=most, more=late if any(late) else (), is_bars=True,
    )  # fmt: skip


def _quality(over: Columns, findings: Sequence[Finding]) -> list[Chart]:
    """The metrics that are judged, else those that are by default, else the first few; how many labels there are comes
    first."""
    known: dict[str, None] = {}
    for one in over:
        known |= dict.fromkeys(one.figures.quality if one is not None and one.figures is not None else ())
    judged = [f.feature for f in findings if f.rule == QUALITY and f.feature in known]
    judged = judged or list(dict.fromkeys(name for names in CHIEF.values() for name in names if name in known))
    rest = [name for name in judged or known if name != COVERAGE]
    names = ([COVERAGE] if COVERAGE in known else []) + [name for name in rest if name is not None][:MOST_METRICS]
    return [_metric(over, name) for name in names]


def _metric(over: Columns, name: str) -> Chart:
    values = _each(over, lambda figures: figures.quality.get(name))
    texts = _texts(over, values, percent if name == COVERAGE else number)
    there = [value for value in values if value is not None]
    is_share = all(0 <= value <= 1 for value in there)
    return Chart(
        name="Labels" if name == COVERAGE else name, about=MEANINGS.get(name, "as outcomes say"),
        now=_last(texts, values), values=values, texts=texts, least=0.0 if is_share else min(there),
        most=1.0 if is_share else max(there),
    )  # fmt: skip


def _each(over: Columns, of: Callable[[Figures], float | None]) -> list[float | None]:
    return [None if one is None or one.figures is None else of(one.figures) for one in over]


def _texts(over: Columns, values: Sequence[float | None], told: Callable[[float], str]) -> list[str]:
    return [_text(one, value, told) for one, value in zip(over, values, strict=True)]


def _text(one: Seen | None, value: float | None, told: Callable[[float], str]) -> str:
    if value is not None:
        return told(value)
    return without(one) if one is None or one.figures is None else "not known"


def _last(texts: Sequence[str], values: Sequence[float | None]) -> str:
    return next((text for text, value in zip(reversed(texts), reversed(values), strict=True) if value is not None), "")


def _short(value: float) -> float:
    return float(f"{value:.4g}")
