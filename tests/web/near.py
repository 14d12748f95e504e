"""One thing from near, in memory: a window, a feature of numbers and one of texts, an incident, two versions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from metrics.views import END, NOW

from monitor.daemon.courses import course
from monitor.errors import MonitorError
from monitor.finding import Finding, Status
from monitor.report import Inputs, Origin, Report, Span
from monitor.testing import profile
from monitor.web.daemon import RunRow, WindowRow
from monitor.web.details import (
    ActionRow,
    AuditRow,
    Changed,
    Driver,
    FeatureDetail,
    IncidentDetail,
    InputRow,
    Requested,
    Shelf,
    Stretch,
    VersionRow,
    WindowDetail,
)
from monitor.web.paging import Page
from monitor.window import Window

HOUR = timedelta(hours=1)
START = END - HOUR
HOSTILE = '</script><img src=x onerror="alert(1)">\u202egpj'
BASE = profile({"age": [*range(20, 70)] * 20, "zip": ["a", "b", "gone", HOSTILE] * 250})
THEN = profile({"age": [*range(40, 90)] * 20, "zip": ["a", "b", "new", HOSTILE] * 250}, BASE)
MOVED = Finding(
    status=Status.VIOLATED, rule="drift", feature="age", value=0.4, low=0.35, high=0.45, direction="at_most",
    threshold=0.05, n_now=1000, n_base=1000, method="difference of shares", severity="page",
    why=f"has moved since Monday: {HOSTILE}",
)  # fmt: skip
FINE = replace(MOVED, status=Status.OK, rule="range", feature="zip", value=0.01, low=0.0, high=0.02, why="")
FEW = Finding(status=Status.UNKNOWN, rule="skew", feature="zip", reason="too_few_rows", rows_needed=2000, n_now=10)
BROKE = Finding(
    status=Status.FAILED, rule="mine", feature=HOSTILE, reason="raised", why=f"ZeroDivisionError: {HOSTILE}"
)
REPORT = Report(
    monitor="churn",
    window=Span(start=START, end=END),
    baseline=Origin(name="churn", version="v1", digest="sha256:b", constraints="sha256:c"),
    inputs=Inputs(records=1002, rows=1000, rejected={"not_json": 2}, digest="sha256:i"),
    config_digest="sha256:f",
    findings=(MOVED, FINE, FEW, BROKE),
)
WINDOW = WindowRow(
    monitor="churn", start=START, end=END, state="done", sagemaker_status="Completed", revision=2, due=END
)
RUN = RunRow(
    run_id="r2", monitor="churn", start=START, end=END, revision=2, status="violated", sagemaker_status="Completed",
    rows=1000, took_seconds=1.5, finished=NOW, baseline="churn/v1",
)  # fmt: skip
VERSIONS = tuple(
    VersionRow(
        version=f"v{number}", is_current=number == 1, digest="sha256:1", made_at="2026-01-01T00:00:00Z",
        made_by="driftd", made_from=(f"{HOSTILE}.csv",), rows=1000, features=2,
    )
    for number in (1, 2)
)  # fmt: skip


def figures(hour: int) -> dict[str, object]:
    score = {"feature": "age", "method": "largest_shift", "score": 0.02 * hour, "threshold": 0.05}
    quantiles = [20.0 + hour, 30.0, 45.0, 60.0, 68.0 + hour]
    return {
        "quantiles": {"age": quantiles},
        "scores": [score],
        "missing": {"age": 0.01},
        "violating": ["age"][: hour // 3],
    }


@dataclass
class Near:
    """Answers as the daemon would."""

    told: list[tuple[str, ...]]

    def window(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> WindowDetail | None:
        if (start, end) == (START - HOUR, START):
            skipped = replace(WINDOW, start=start, end=end, state="skipped", revision=0, reason=f"catchup: {HOSTILE}")
            return WindowDetail(
                window=skipped, revision=0, status="", report=None, late=0, runs=(), revisions=(), inputs=(),
                input_count=0, earlier=None, later=Stretch(start=START, end=END),
            )  # fmt: skip
        if (start, end) != (START, END) or revision not in (None, 1, 2):
            return None
        return WindowDetail(
            window=WINDOW, revision=revision or 2, status="violated", report=REPORT, late=3,
            runs=(RUN, replace(RUN, run_id="r1", revision=1, status="failed", took_seconds=None, reason=HOSTILE)),
            revisions=(2, 1), inputs=(InputRow(path=f"captures/{HOSTILE}.jsonl", size=10, rows=1000),), input_count=7,
            earlier=Stretch(start=START - HOUR, end=START), later=None,
        )  # fmt: skip

    def features(self, monitor: str) -> Sequence[str]:
        return ("age", "zip", HOSTILE)

    def feature(self, monitor: str, name: str, end: datetime | None, count: int) -> FeatureDetail | None:
        if name not in ("age", "zip", "new"):
            return None
        rows = [
            (Window(start=START - (5 - i) * HOUR, end=END - (5 - i) * HOUR), "unknown" if i == 1 else "ok", figures(i))
            for i in (0, 1, 3, 4, 5)
        ]
        base = BASE.features.get(name)
        band = {"feature": "age", "place": "above 40", "least": 0.4, "most": 0.6, "centre": 0.5, "now": 0.9}
        return FeatureDetail(
            start=START, end=END, now=THEN.features.get(name), base=base,
            trouble="" if base is not None else f"{HOSTILE}: no baseline is there",
            report=replace(REPORT, findings=tuple(one for one in REPORT.findings if one.feature == name)),
            band=band | {"evidence": 1.2, "widened": 1.0} if name == "age" else None,
            course=course("churn", name, rows[-count:], "churn/v1", base), names=("age", "zip", HOSTILE),
        )  # fmt: skip

    def incident(self, key: str) -> IncidentDetail | None:
        drivers = (
            Driver(
                feature=HOSTILE, rule="drift", why=HOSTILE, since=END, fires=True, score=0.3, limit=0.05, share=0.75
            ),
            Driver(feature="age", rule="range", why="", since=END, fires=False),
        )
        changes = (Changed(at=END, what="baseline", before="churn/v1", after=HOSTILE),)
        actions = (ActionRow(name="retrain", alarm="down", told="./retrain.sh"),)
        return IncidentDetail(drivers=drivers, changes=changes, actions=actions)

    def shelf(self, monitor: str) -> Shelf:
        if monitor == "upsell":
            return Shelf(monitor=monitor, place="baselines/none", trouble="baselines/none: no baseline is there")
        return Shelf(monitor=monitor, place="baselines/churn", versions=VERSIONS, version_count=12, can_promote=True)

    def difference(self, monitor: str, first: str, second: str) -> str:
        if "v9" in (first, second):
            raise MonitorError("baselines/churn: version 'v9' names 0 baselines; there are: v1, v2")
        return f"{first} -> {second}\n  {HOSTILE}: mean 1 -> 2\n"

    def promote(self, monitor: str, version: str, why: str, by: str) -> str:
        if version == "v9":
            raise MonitorError("baselines/churn: version 'v9' names 0 baselines; there are: v1, v2")
        self.told.append(("promote", monitor, version, why, by))
        return version

    def act(self, monitor: str, action: str, incident: str | None, why: str, by: str) -> Requested:
        if action != "retrain":
            raise MonitorError(f"action {action!r}: unknown; did you mean 'retrain'?")
        self.told.append(("act", monitor, action, str(incident), why, by))
        return Requested(monitor=monitor, action=action, event="e1")

    def audit(self, limit: int, cursor: str) -> Page[AuditRow]:
        rows = [
            AuditRow(
                at=NOW, who="token ops", what="muted an incident", monitor="churn", about=HOSTILE, why=HOSTILE,
                incident="churn:1",
            ),
            AuditRow(at=END, who="ci", what="told an occasion: deploy", monitor="gone", about="d1", why=""),
        ]  # fmt: skip
        begin = int(cursor or 0)
        return Page(items=rows[begin : begin + limit], cursor=str(begin + limit) if begin + limit < len(rows) else "")
