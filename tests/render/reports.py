"""Reports built by hand: what a person may meet on a terminal, one of each."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.estimate import Estimate, share, share_difference, share_ratio
from monitor.feature import Share
from monitor.finding import at_least, at_most, failed, skip, unknown
from monitor.judge import weighed
from monitor.report import Inputs, Origin, Report, Span

HOUR = Span(start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2026, 1, 1, 1, tzinfo=UTC))
FEATURES = ("Day Mins", "Eve Mins", "Night Mins", "Intl Mins", "CustServ Calls")
HOSTILE = "\x1b[2J\x1b[31mage\r\n[red]bold[/red]\u202egpj.exe"


def report(*findings, **others):
    known = {
        "monitor": "churn",
        "window": HOUR,
        "baseline": Origin(name="churn-training", version="3", digest="sha256:ba5e", constraints="sha256:c0de"),
        "inputs": Inputs(records=1977, rows=1970, rejected={"not_json": 7}, digest="sha256:f00d"),
        "config_digest": "sha256:c0f1",
        "required": ("volume", "drift"),
    }
    return Report(findings=findings, **{**known, **others})


def asked(rule, findings, features=FEATURES):
    """Findings of one rule, as the judge would weigh and name them."""
    return [replace(f, rule=rule, feature=name) for f, name in zip(weighed(findings), features, strict=True)]


def moved(count, total=1970, threshold=0.02):
    """A drift finding: so many rows where the baseline has 467 of 2333."""
    estimate = share_difference(Share(count=count, total=total), Share(count=467, total=2333))
    return at_most(estimate, threshold, why=f"rows above 1: 20 % -> {count * 100 // total} %")


def mean_of(value, rows=666):
    """A finding about a mean that lies `value` standard deviations from the baseline's."""
    method = "difference of means in standard deviations, Welch interval"
    estimate = Estimate(
        value=value, centre=value, spread=1.2, fixed=1 / 2333, looks=2, n_now=rows, n_base=2333, method=method
    )
    return at_most(estimate, 0.25, why=f"mean 180 -> {180 + 54 * value:.4g}")


def volume():
    return asked("volume", [at_least(1970, 1, why="1970 rows")], [None])


POLICY = {
    "phase": "armed",
    "learned": {"seen": 336, "needed": 336},
    "promise": {"at_most": 1.0, "per_seconds": 31449600.0},
    "raised": {"alarms": 1, "since": "2025-12-15T00:00:00Z"},
    "evidence": 0.5,
    "words": [
        {"what": "drift", "feature": "age", "since": "2026-01-01T00:00:00Z", "channel": "level", "scale": 1, "why": ""},
        {"what": "armed", "feature": None, "since": None, "channel": "", "scale": 0, "why": ""},
    ],
    "open": [
        {
            "question": "drift", "channel": "level", "feature": "age", "since": "2026-01-01T00:00:00Z",
            "place": "above 40", "now": 0.6, "centre": 0.5, "low": 0.55, "high": None,
        }
    ],
    "skews": [
        {
            "feature": "zip", "since": "2025-12-01T00:00:00Z", "place": "with 'a'", "now": 0.2, "centre": 0.1,
            "low": 0.15, "high": 0.25,
        }
    ],
    "channels": ["level", "spike"],
    "seasons": ["day"],
    "groups": [["age", "zip"]],
    "correlated": [],
    "notes": ["too few windows were learned to tell a sudden change from slow wandering (JUMP)"],
    "shadow": False,
    "bands": [
        {
            "feature": "age", "place": "above 40", "now": 0.6, "centre": 0.5, "least": 0.45, "most": 0.55,
            "widened": 1.0, "evidence": 1.5,
        }
    ],
}  # fmt: skip


def followed():
    """Of a monitor whose windows are followed: a move since a while, and a skew that was told before."""
    drift = replace(
        moved(700), rule="drift", feature="age", since=datetime(2026, 1, 1, tzinfo=UTC), evidence=1.5, estimate=None
    )
    return replace(report(*volume(), drift), policy=POLICY)


def violated():
    gone = at_most(1, 0, why="column 'Area Code' is in the baseline and in no row")
    ratio = at_most(share_ratio(Share(count=400, total=1970), Share(count=120, total=2333)), 2.0)
    outside = share(Share(count=80, total=1970))
    return report(
        *volume(),
        *asked("missing_column", [gone], ["Area Code"]),
        *asked("range", [at_most(outside, 0.01, why="80 of 1970 numbers lie outside 0 .. 350.8")], ["Day Mins"]),
        *asked("mean_shift", [mean_of(v) for v in (0.52, 0.05, 0.31, 0.02, 0.6)]),
        *asked("refunds", [ratio], ["amount"]),
        *asked("drift", [moved(count) for count in (591, 394, 394, 394, 394)]),
        *asked("outliers", [skip("the baseline has too few distinct numbers to have tails")] * 2, FEATURES[:2]),
        *asked("vip", [failed("ZeroDivisionError: division by zero")] * 5),
    )


def ok():
    return report(
        *volume(),
        *asked("missing_column", [at_most(0, 0, why="all 5 columns of the baseline are there")], [None]),
        *asked("mean_shift", [mean_of(0.01, 5000)] * 5),
        *asked("drift", [moved(394)] * 5),
        *asked("outliers", [skip("the baseline has too few distinct numbers to have tails")] * 2, FEATURES[:2]),
    )


def too_few():
    scores = unknown("scores_for_labels", "the window holds scores where the baseline holds labels")
    return report(
        *asked("volume", [at_least(40, 1, why="40 rows")], [None]),
        *asked("drift", [moved(8, 40)] * 5),
        *asked("mean_shift", [mean_of(0.02, 40)] * 3, FEATURES[:3]),
        *asked("prediction_drop", [scores], ["score"]),
        inputs=Inputs(records=40, rows=40),
    )


def empty():
    nothing = unknown("no_data", "no row was read")
    return report(
        *asked("volume", [nothing], [None]),
        *asked("drift", [nothing] * 5),
        monitor="",
        window=None,
        inputs=Inputs(),
    )


def hostile():
    name = f"begin{'x' * 5000}end"
    return report(
        *asked("drift", [moved(591), moved(650), moved(700)], [HOSTILE, name, "名前" * 30]),
        *asked("extra_column", [at_most(1, 0, why=f"column {HOSTILE}{name} has 3 values")], ["\ud800\x00\x9b31m"]),
        *asked(HOSTILE, [unknown(HOSTILE, HOSTILE), failed(HOSTILE)], [HOSTILE, None]),
        *asked("constant", [skip(HOSTILE)], [HOSTILE]),
        monitor=HOSTILE,
        baseline=Origin(name=HOSTILE, version=HOSTILE),
        inputs=Inputs(records=9, rows=2, rejected={HOSTILE: 7}),
    )


ALL = {"violated": violated, "ok": ok, "too_few": too_few, "empty": empty, "hostile": hostile, "followed": followed}
