"""The past of a daemon in memory: windows before the last one, of which one is unknown, one was skipped, two moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from metrics.views import END, figures

from monitor.finding import Finding, Status
from monitor.web.history import Happening, History, Lately, Seen

HOUR = timedelta(hours=1)
WHY = "has moved: rows above 40 are 60 % now, 50 % as learned"


def moved(feature: str | None = "age", **others: object) -> Finding:
    """A violated finding."""
    known = Finding(
        status=Status.VIOLATED, rule="drift", feature=feature, value=0.1, low=0.08, high=0.12, direction="at_most",
        threshold=0.05, n_now=990, n_base=2333, method="difference of shares, evidence", why=WHY, severity="page",
    )  # fmt: skip
    return replace(known, **others)  # type: ignore[arg-type]


def seen(back: int, *names: str, drifted: tuple[str, ...] = (), **others: object) -> Seen:
    """The window that ends so many hours before the last one."""
    at = END - back * HOUR
    known = Seen(
        start=at - HOUR, end=at, due=at, state="done", revision=1, judged=at + timedelta(minutes=6), took_seconds=1.5,
        baseline="churn/2" if back > 2 else "churn/3", config_digest="sha256:c",
        figures=figures(*names, drifted=drifted), violated=dict.fromkeys(drifted, ("drift",)),
    )  # fmt: skip
    return replace(known, **others)  # type: ignore[arg-type]


def windows(*names: str) -> list[Seen]:
    """Six of them, oldest first, and a day without any before those."""
    unknown = figures(*names, status="unknown", drift={}, scores=(), judged=0)
    return [
        seen(30, *names),
        seen(5, *names),
        seen(4, *names, figures=None, violated={}, state="skipped", reason="catchup", revision=0),
        seen(3, *names, figures=unknown),
        seen(2, *names, late=12),
        seen(1, *names, drifted=names[:1]),
        seen(0, *names, drifted=names[:1]),
    ]


def happenings() -> list[Happening]:
    at = END - 2 * HOUR
    return [
        Happening(lane="alarm", start=at, end=at, text="drift: age"),
        Happening(lane="incident", start=at, text="age has changed its shape", key="churn:1"),
        Happening(lane="mute", start=at, end=at + HOUR, text="muted by ann: a campaign", key="churn:1"),
        Happening(lane="told", start=END - 5 * HOUR, end=END - 5 * HOUR, text="deploy: version 8"),
    ]


@dataclass
class Remembered:
    """Answers as the store would."""

    windows: Sequence[Seen] = field(default_factory=lambda: windows("age", "zip"))
    findings: Sequence[Finding] = field(default_factory=lambda: (moved(),))
    happenings: Sequence[Happening] = field(default_factory=happenings)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def lately(self, monitors: Sequence[str], count: int) -> Mapping[str, Lately]:
        self.asked.append(("lately", *monitors))
        verdicts = [(one.status, len(one.violated)) for one in self.windows]
        if not verdicts:
            return {}
        return {
            name: Lately(verdicts=verdicts, violated=self.findings)
            for name in monitors
            if name not in ("upsell", "fresh")
        }

    def history(self, monitor: str, until: datetime | None, count: int) -> History:
        self.asked.append(("history", monitor, until))
        if monitor == "upsell" or not self.windows:
            return History()
        shown = [one for one in self.windows if until is None or one.end <= until]
        return History(
            windows=shown, happenings=self.happenings, findings=self.findings,
            earlier=shown[0].start if until is None else None, later=None if until is None else END,
        )  # fmt: skip
