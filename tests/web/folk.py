"""People's side of the daemon in memory: one incident, occasions, a dead letter; it remembers what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from metrics.views import END, NOW

from monitor.errors import MonitorError
from monitor.web.paging import Page
from monitor.web.people import AlarmRow, IncidentPage, IncidentRow, LetterRow, OccasionRow, PartRow, ToldRow, Word

ROW = IncidentRow(
    id="churn:20260102T030000Z:1", monitor="churn", state="notified", severity="page", cause="schema", since=END,
    until=END, resolved=None, owner="ann", why="column zip is gone", verdict=None, muted_until=None,
    features=("zip",), feature_count=1,
)  # fmt: skip
OVER = replace(ROW, id="upsell:20260101T030000Z:1", monitor="upsell", state="resolved", resolved=NOW, verdict="true")
PART = PartRow(
    rule="missing_column", feature="zip", rung="schema", severity="page", why="gone", since=END, until=END, fires=True,
    explained_by="",
)  # fmt: skip
DEPLOY = OccasionRow(id="d1", kind="deploy", start=END, monitor="churn", why="version 8", who="ci")
LETTER = LetterRow(
    receiver="ops", kind="incident.opened", monitor="churn", made=END, since=NOW, why="410 gone", event="e1"
)


@dataclass
class Folk:
    """Answers as the daemon would."""

    told: list[tuple[str, ...]]
    said: dict[str, Word] = field(default_factory=dict)
    kept: list[OccasionRow] = field(default_factory=lambda: [DEPLOY])
    row: IncidentRow = ROW

    def incidents(self, monitor: str | None, is_open: bool, limit: int, cursor: str) -> Page[IncidentRow]:
        known = (self.row, OVER)
        rows = [row for row in known if monitor in (None, row.monitor) and not (is_open and row.resolved)]
        return paged(rows, limit, cursor)

    def incident(self, key: str) -> IncidentPage | None:
        row = next((row for row in (ROW, OVER) if row.id == key), None)
        if row is None:
            return None
        return IncidentPage(
            incident=row, rung="schema", evidence=("zip",), looked=END, notified=END,
            acknowledged=self.said.get("acknowledge"), mute=self.said.get("mute"), parts=(PART,),
            told=(ToldRow(at=END, kind="incident.opened", severity="page", receiver="ops", state="sent", ended=NOW),),
            occasions=(DEPLOY,), alarms=(AlarmRow(name="down", state="ok", since=END),),
        )  # fmt: skip

    def acknowledge(self, key: str, verdict: str, why: str, by: str) -> IncidentPage:
        self.told.append(("acknowledge", key, verdict, why, by))
        self.said["acknowledge"] = Word(who=by, at=NOW, why=why, verdict=verdict)
        return self._page_of(key)

    def mute(self, key: str, until: datetime, why: str, by: str) -> IncidentPage:
        if until <= NOW:
            raise MonitorError(f"incident {key!r}: muted until {until}, which is past")
        self.told.append(("mute", key, until.isoformat(), why, by))
        self.said["mute"] = Word(who=by, at=NOW, why=why, until=until)
        return self._page_of(key)

    def _page_of(self, key: str) -> IncidentPage:
        found = self.incident(key)
        assert found is not None
        return found

    def occasions(self, monitor: str | None, since: datetime | None, limit: int, cursor: str) -> Page[OccasionRow]:
        rows = [one for one in self.kept if monitor in (None, one.monitor) and (since is None or one.start >= since)]
        return paged(rows, limit, cursor)

    def tell(
        self,
        kind: str,
        *,
        monitor: str | None,
        start: datetime | None,
        end: datetime | None,
        why: str,
        key: str | None,
        by: str,
    ) -> OccasionRow:
        self.told.append(("tell", kind, str(monitor), str(start), str(end), why, str(key), by))
        self.kept.append(
            OccasionRow(id=key or "made", kind=kind, start=start or NOW, end=end, monitor=monitor, why=why, who=by)
        )
        return self.kept[-1]

    def withdraw(self, key: str) -> bool:
        was_there = any(one.id == key for one in self.kept)
        self.kept = [one for one in self.kept if one.id != key]
        return was_there

    def dead_letters(self, limit: int, cursor: str) -> Page[LetterRow]:
        return paged([LETTER], limit, cursor)

    def replay(self, receiver: str) -> int:
        if receiver != "ops":
            raise MonitorError(f"route {receiver!r}: unknown; did you mean 'ops'?")
        self.told.append(("replay", receiver))
        return 1


def paged(rows: Sequence[Any], limit: int, cursor: str) -> Page[Any]:
    """A page of rows; the cursor is a number."""
    if cursor and not cursor.isdecimal():
        raise MonitorError(f"cursor {cursor!r}: the one of the page before would be right")
    begin = int(cursor or 0)
    return Page(items=rows[begin : begin + limit], cursor=str(begin + limit) if begin + limit < len(rows) else "")
