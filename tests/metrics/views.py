"""Monitors as metrics see them, made by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.figures import Figures, Score, Standing
from monitor.metrics.view import Incidents, MonitorView

NOW = datetime(2026, 1, 2, 3, 10, tzinfo=UTC)
END = datetime(2026, 1, 2, 3, tzinfo=UTC)
RULES = ("volume", "drift", "range")


def figures(*names: str, drifted: tuple[str, ...] = (), **others: Any) -> Figures:
    known: dict[str, Any] = {
        "status": "violated" if drifted else "ok",
        "judged": 5,
        "asked": 7,
        "records": 1000,
        "rows": 990,
        "rejected": {"not_json": 10},
        "features": len(names),
        "drift": {name: name in drifted for name in names},
        "violating": drifted,
        "violations": {"volume": 0, "drift": len(drifted)},
        "scores": tuple(
            Score(feature=name, method="largest_shift", score=0.25 if name in drifted else 0.01, threshold=0.1)
            for name in names
        ),
        "missing": dict.fromkeys(names, 0.5),
        "last_record": END - timedelta(seconds=1),
        "policy": Standing(
            phase="learning", seen=12, needed=336, evidence=0.25, open=len(drifted), widened=1.5, promised=1.0
        ),
    }
    return Figures(**{**known, **others})


def view(name: str = "churn", features: tuple[str, ...] = ("age", "zip"), **others: Any) -> MonitorView:
    known: dict[str, Any] = {
        "name": name,
        "model": "churn",
        "model_version": "7",
        "model_endpoint": "churn-xgb",
        "baseline": "churn",
        "rules": RULES,
        "last_run": NOW,
        "last_success": NOW,
        "next_run": NOW + timedelta(hours=1),
        "watermark": END,
        "last_record": END - timedelta(seconds=1),
        "pending": 0,
        "alarms": 3,
        "incidents": Incidents(
            open={"page": 2}, opened={"schema": 4}, precision=0.75, false=1, alarms={"down": "insufficient_data"}
        ),
        "last_run_seconds": 1.5,
        "window_start": END - timedelta(hours=1),
        "window_end": END,
        "revision": 0,
        "run_id": "01J9",
        "figures": figures(*features, drifted=features[:1]),
        "baseline_created": datetime(2025, 12, 1, tzinfo=UTC),
        "baseline_records": 2333,
    }
    return MonitorView(**{**known, **others})
