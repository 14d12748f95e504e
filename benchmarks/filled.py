"""A store as months would have filled it: monitors with hourly windows, some of which have moved; all of it seeded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from monitor import testing
from monitor.baseline import Baseline
from monitor.baselines import add
from monitor.cause import Cause
from monitor.daemon.aftermath import row_of
from monitor.document import to_document
from monitor.figures import Figures, Score, Standing
from monitor.finding import Finding, Status
from monitor.incident import Incident, Mute, Part
from monitor.ladder import Firing, Rung
from monitor.render.json import report_json
from monitor.report import Inputs, Origin, Report, Span
from monitor.store.after import INCIDENT, OCCASION
from monitor.store.columns import pack
from monitor.store.database import Database
from monitor.store.tables import MONITOR, OUTBOX, RESULT, RUN, VIOLATION, WINDOW
from monitor.window import Window

NOW = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
END = NOW.replace(minute=0)
HOUR = timedelta(hours=1)
LIMIT = 0.08
NAMES = ("amount", "age", "country", "device", "hour_of_day", "basket_size", "tenure_days", "zip", "score", "channel")
METHOD = "difference of shares, evidence over windows on the baseline's cells, within the budget of false alarms"


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is. Of monitors but each `full`-th, figures are kept short: no page of them is opened."""

    monitors: int = 200
    features: int = 50
    windows: int = 1000
    full: int = 10


def baselines(folder: Path, size: Size, seed: int = 7) -> bytes:
    """Two versions of the baseline of the first monitor; what is packed is the profile of a window, as the store has
    it. Every tenth feature holds texts."""
    rng = np.random.default_rng(seed)

    def columns(rows: int, shift: float) -> dict[str, Any]:
        texts = [*"abcdefgh"]
        return {
            name: rng.choice(texts, rows).tolist() if i % 10 == 2 else rng.normal(40 + shift, 12, rows).tolist()
            for i, name in enumerate(features(size))
        }

    place = folder / "baselines" / "churn"
    for _ in range(2):
        base = testing.profile(columns(20_000, 0.0))
        add(place, Baseline(name="churn", profile=base, columns=tuple(base.features)))
    return pack(json.dumps(to_document(testing.profile(columns(3_000, 2.0), base))).encode())


def names(size: Size) -> list[str]:
    return [f"{('churn', 'fraud', 'upsell', 'risk', 'rank')[i % 5]}-{i:03}" for i in range(size.monitors)]


def features(size: Size) -> list[str]:
    return [NAMES[i] if i < len(NAMES) else f"{NAMES[i % len(NAMES)]}_{i // len(NAMES)}" for i in range(size.features)]


def config(folder: Path, size: Size) -> Path:
    """The configuration of all of them."""
    path = folder / "driftd.yaml"
    lines = [
        f"  {name}: {{captures: captures/{name}, baseline: baselines/{name.partition('-')[0]}, "
        f"schedule: {{every: 1h, delay: 5m}}, labels: {{team: {'growth' if i % 3 else 'risk'}}}}}"
        for i, name in enumerate(names(size))
    ]
    path.write_text("monitors:\n" + "\n".join(lines) + "\n")
    return path


def fill(database: Database, size: Size, profile: bytes, seed: int = 7) -> None:
    """Write all of it down; `profile` is that of the first monitor's last windows."""
    for number, name in enumerate(names(size)):
        rng = np.random.default_rng([seed, number])
        with database.write() as connection:
            rows = [*_rows(name, number, size, rng, pack(b"{}") if number else profile)]
            connection.execute(insert(MONITOR), [_monitor(name)])
            for table in (WINDOW, RESULT, VIOLATION, RUN, OUTBOX, INCIDENT, OCCASION):
                found = [row for of, row in rows if of is table]
                if found:
                    connection.execute(insert(table), found)


def _monitor(name: str) -> dict[str, Any]:
    return {
        "name": name, "planned_to": END, "watermark": END, "last_run": NOW, "last_success": NOW, "last_record": END,
        "last_seconds": 0.8, "more_skipped": 0, "alarms": 1, "followed_to": END,
    }  # fmt: skip


def _rows(
    name: str, number: int, size: Size, rng: np.random.Generator, profile: bytes
) -> Iterator[tuple[Any, dict[str, Any]]]:
    moved = features(size)[number % 7 : number % 7 + 1 + number % 4] if number % 5 == 0 else []
    since, is_full = size.windows - 6 - number % 30, number % size.full == 0
    for at in range(size.windows):
        window = Window(start=END - (size.windows - at) * HOUR, end=END - (size.windows - at - 1) * HOUR)
        is_moved = bool(moved) and at >= since
        skipped = number % 10 == 0 and at in range(size.windows - 40, size.windows - 36)
        few = not is_moved and rng.random() < 0.02
        status = "unknown" if few else "violated" if is_moved else "ok"
        yield (
            WINDOW,
            _window(name, window, None if skipped else status, late=int(rng.integers(0, 30)) if at % 17 == 0 else 0),
        )
        if skipped:
            continue
        of = features(size) if is_full else moved  # what is short has no others
        found = _figures(of, moved if is_moved else [], status, few, at, since, rng)
        findings = [_finding(one, window) for one in found.scores] if is_full else []
        yield RESULT, _result(name, window, found, findings, is_full, at, profile)
        for place, feature in enumerate(moved if is_moved else []):
            yield VIOLATION, _violation(name, window, place, feature, found)
        told = {"monitor": name, "start_at": window.start, "end_at": window.end, "revision": 1, "state": "handed",
                "attempts": 0, "next_at": NOW, "made_at": window.end}  # fmt: skip
        yield OUTBOX, told | {"id": f"{name}/{at}", "kind": "window.judged", "body": json.dumps({"status": status})}
        if is_moved and at == since + 2:
            body = {"question": "drift", "features": [{"feature": feature} for feature in moved], "count": len(moved)}
            yield OUTBOX, told | {"id": f"{name}/alarm", "kind": "policy.alarm", "body": json.dumps(body)}
            action = {"summary": "retrain: drift is in alarm", "subject": "retrain", "data": {"action": "retrain"}}
            yield OUTBOX, told | {"id": f"{name}/act", "kind": "action.requested", "body": json.dumps(action)}
    if moved:
        yield INCIDENT, _incident(name, moved, END - (size.windows - since) * HOUR)
    if number % 4 == 0:
        at = END - (number % 40 + 4) * HOUR
        yield OCCASION, {"id": f"{name}:deploy", "monitor": name, "kind": "deploy", "start_at": at, "end_at": None,
                         "why": "version 8", "who": "ci", "made_at": at}  # fmt: skip


def _window(name: str, window: Window, status: str | None, late: int) -> dict[str, Any]:
    return {
        "monitor": name, "start_at": window.start, "end_at": window.end, "state": "done" if status else "skipped",
        "revision": 1 if status else 0, "again": 0, "attempt": 1, "failures": 0, "opened_at": window.end,
        "due_at": window.end + timedelta(minutes=5), "status": status, "reason": "" if status else "catchup", "why": "",
        "late": late, "closed_at": window.end + timedelta(minutes=6),
    }  # fmt: skip


def _figures(
    of: list[str], moved: list[str], status: str, few: bool, at: int, since: int, rng: np.random.Generator
) -> Figures:
    rows = 40 if few else int(3000 + 800 * np.sin(at / 24 * 2 * np.pi) + rng.normal(0, 60))
    shifts = {name: abs(rng.normal(0, 0.02)) + (0.16 if name in moved else 0.0) for name in of}
    return Figures(
        status=status, judged=0 if few else len(of), asked=len(of), records=rows, rows=rows, features=len(of),
        drift={} if few else {name: name in moved for name in of}, violating=tuple(moved),
        violations={"drift": len(moved), "range": 0, "volume": 0},
        scores=tuple(
            Score(feature=name, method="largest_shift", score=float(shifts[name]), threshold=LIMIT) for name in of
        ),
        missing=dict.fromkeys(of, 0.01), numbers={"mean": dict.fromkeys(of, 41.5 + at / 1000)},
        quantiles=dict.fromkeys(of, (20.1, 32.4, 40.5, 48.9, 61.7)),
        last_record=END,
        policy=Standing(
            phase="armed", seen=336, needed=336, evidence=min(1.3, 0.45 * (at - since + 1)) if moved else
            float(abs(rng.normal(0.1, 0.06))), open=len(moved), promised=1.0,
        ),
    )  # fmt: skip


def _why(shift: float) -> str:
    seen = f"rows above 72.3 are {5 + 100 * shift:.0f} % now, 5 % as learned (band 3 % to 13 %)"
    return f"has moved since Monday 2026-03-02 06:00 UTC: {seen}"


def _finding(score: Score, window: Window) -> Finding:
    is_moved = score.score > 0.12
    return Finding(
        status=Status.VIOLATED if is_moved else Status.OK, rule="drift", feature=score.feature, value=score.score,
        low=score.score - 0.02, high=score.score + 0.02, direction="at_most", threshold=LIMIT, n_now=3000, n_base=9000,
        method=METHOD, why=_why(score.score) if is_moved else "",
        since=window.start if is_moved else None,
        evidence=1.0 if is_moved else 0.1,
    )  # fmt: skip


def _result(
    name: str, window: Window, found: Figures, findings: list[Finding], is_full: bool, at: int, profile: bytes
) -> dict[str, Any]:
    version = "v2" if at > 985 else "v1"
    report = report_json(
        Report(
            monitor=name, window=Span(start=window.start, end=window.end), findings=tuple(findings),
            inputs=Inputs(records=found.records, rows=found.rows), baseline=Origin(name="base", version=version),
        )
    ) if is_full and at > 900 else "{}"  # fmt: skip
    document = to_document(found) if is_full else {"status": found.status}
    return {
        "monitor": name, "start_at": window.start, "end_at": window.end, "revision": 1, "run_id": f"{name}/{at}",
        "status": found.status, "judged_at": window.end + timedelta(minutes=6), "took_seconds": 0.8,
        "records": found.records, "rows": found.rows, "rejected": "{}", "config_digest": "sha256:c",
        "baseline": f"base/{version}", "input_digest": "sha256:i", "folder": "",
        "figures": json.dumps(document | {"baseline": {"name": "base", "version": version}}),
        "report": pack(report.encode()), "profile": profile if is_full and at > 985 else pack(b"{}"),
    }  # fmt: skip


def _violation(name: str, window: Window, place: int, feature: str, found: Figures) -> dict[str, Any]:
    shift = next(one.score for one in found.scores if one.feature == feature)
    return {
        "monitor": name, "start_at": window.start, "end_at": window.end, "revision": 1, "place": place, "rule": "drift",
        "feature": feature, "severity": "page", "value": shift, "low": shift - 0.02, "high": shift + 0.02,
        "threshold": LIMIT, "direction": "at_most", "method": METHOD, "why": _why(shift),
    }  # fmt: skip


def _incident(name: str, moved: list[str], start: datetime) -> dict[str, Any]:
    first, last = Window(start=start, end=start + HOUR), Window(start=END - HOUR, end=END)
    parts = tuple(
        Part(firing=Firing(rule="drift", feature=one, rung=Rung.DRIFT, severity="page"), first=first, last=last)
        for one in moved
    )
    mute = Mute(until=start + 8 * HOUR, who="token ops", why="a campaign runs", at=start + 4 * HOUR)
    row = row_of(
        Incident(
            id=f"{name}:{first.end:%Y%m%dT%H%M%SZ}:1", monitor=name, cause=Cause.SHAPE, rung=Rung.DRIFT,
            why=f"the shape of {', '.join(moved)} has changed", first=first, last=last, looked=last, grown=last,
            parts=parts, notified=first.end, mute=mute,
        ),
        NOW,
    )  # fmt: skip
    return {
        "id": row.id, "monitor": name, "state": row.state, "severity": row.severity, "cause": row.cause,
        "first_at": row.first, "last_at": row.last, "resolved_at": None, "verdict": None, "said_at": None,
        "body": row.body,
    }  # fmt: skip
