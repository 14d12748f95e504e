"""The policy as the evaluation of one window asks it, and what is to be kept of its answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from monitor import configured
from monitor.baseline import Baseline
from monitor.config.grammar import Monitor
from monitor.errors import NoHistory
from monitor.history import History
from monitor.model_quality import ModelQuality
from monitor.policy.answer import OF_REPORTS_ONLY, Answer, answered, document
from monitor.policy.following import Followed, Stored, followed
from monitor.policy.layout import Layout, look_of, with_errors
from monitor.policy.look import Look
from monitor.policy.past import history_of
from monitor.policy.plan import Mark, Plan
from monitor.profile import Profile
from monitor.store.memories import kept, place
from monitor.store.words import EvidenceRow, MarkRow
from monitor.window import Window

ANEW = "what was learned of production was learned with another baseline or other windows: learning begins anew"


@dataclass(kw_only=True)
class Following:
    """Called with a window's profile it answers; then `rows` are what is to be kept of this and of later windows,
    `notes` what is to be said besides.

    `prior` is what is kept of windows before and after this one, `own` of this one where it is judged again for its
    labels alone: then all else in its look stays. Labels say nothing while the window `waits` for them. `history`
    brings the baseline's, which is asked for only where nothing was learned yet.
    """

    monitor: Monitor
    window: Window
    prior: Sequence[EvidenceRow] = ()
    own: EvidenceRow | None = None
    waits: bool = False
    marks: Sequence[MarkRow] = ()
    history: Callable[[Baseline], History | None] = lambda baseline: baseline.history
    rows: tuple[EvidenceRow, ...] = ()
    notes: tuple[str, ...] = ()
    replayed: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, now: Profile, baseline: Baseline) -> Answer:
        layout = configured.layout(self.monitor, baseline)
        known = [row for row in self.prior if row.layout == layout.digest]
        before = [row for row in known if place(row.window) < place(self.window)]
        after = [row for row in known if place(row.window) > place(self.window)]
        plan = self._plan(layout, baseline)
        is_anew = not before and any(place(row.window) < place(self.window) for row in self.prior)
        self.notes = (ANEW,) if is_anew else ()
        if not any(row.memory for row in before):
            plan = replace(plan, history=self._past(plan, baseline))
        look = self._look(now, baseline)
        found = followed(look, [_stored(row) for row in before], [_stored(row) for row in after], plan, kept=kept)
        answer = answered(found, plan, notes=self.notes, is_shadow=self.monitor.shadow)
        newest = document(found.newest, plan, is_shadow=self.monitor.shadow) if found.newest is not None else None
        self.rows = _rows(found, layout.digest, answer.document, newest)
        self.replayed = _replayed(after[-1], newest) if found.changed and newest is not None else {}
        return answer

    def look(self, now: Profile, baseline: Baseline) -> None:
        """Keep how a window looked without following it."""
        layout = configured.layout(self.monitor, baseline)
        look = self._look(now, baseline)
        self.rows = (EvidenceRow(window=self.window, look=look.packed(), layout=layout.digest, said={}),)

    def fits(self, baseline: Baseline) -> bool:
        """Whether the window was looked at as this baseline asks; where it is read anew it always is."""
        return self.own is None or self.own.layout == configured.layout(self.monitor, baseline).digest

    def _look(self, now: Profile, baseline: Baseline) -> Look:
        base, said = configured.followed_base(self.monitor, baseline), self._said(now.quality)
        if self.own is not None:
            return with_errors(Look.unpacked(self.own.look), said, base)
        return look_of(replace(now, quality=said), base, self.window)

    def _said(self, quality: ModelQuality | None) -> ModelQuality | None:
        """What labels say: nothing before they are due, or while they are few."""
        is_enough = quality is not None and quality.coverage >= configured.coverage_needed(self.monitor)
        return quality if is_enough and not self.waits else None

    def _plan(self, layout: Layout, baseline: Baseline) -> Plan:
        marks = [Mark(after=row.after, kind=row.kind, feature=row.feature) for row in self.marks]  # type: ignore[arg-type]
        return configured.plan(self.monitor, layout, baseline=baseline, marks=marks)

    def _past(self, plan: Plan, baseline: Baseline) -> tuple[Look, ...]:
        """The baseline's own looks where its rows had times; where it says nothing of these windows, that is said."""
        schedule, base = self.monitor.schedule.timetable, configured.followed_base(self.monitor, baseline)
        try:
            history = self.history(baseline) if baseline.history_digest or baseline.history is not None else None
            return history_of(history, base, schedule, at_least=plan.learning)
        except NoHistory as error:
            self.notes += (str(error),)
            return ()


def _stored(row: EvidenceRow) -> Stored:
    since = None if row.since is None else row.since.isoformat()
    return Stored(window=row.window, look=row.look, memory=row.memory, learned=row.learned, since=since)


def _rows(
    found: Followed, layout: str, said: Mapping[str, Any], newest: Mapping[str, Any] | None
) -> tuple[EvidenceRow, ...]:
    """Of later windows only what is new."""
    rows = []
    for number, one in enumerate(found.stored):
        is_last = number == len(found.stored) - 1
        words = said if number == 0 else newest if is_last else None
        rows.append(
            EvidenceRow(
                window=one.window,
                look=one.look if number == 0 else b"",
                memory=one.memory,
                learned=one.learned,
                since=None if one.since is None else datetime.fromisoformat(one.since),
                layout=layout,
                said=None if words is None else {key: value for key, value in words.items() if key != OF_REPORTS_ONLY},
            )
        )
    return tuple(rows)


def _replayed(before: EvidenceRow, newest: Mapping[str, Any]) -> dict[str, Any]:
    """What is open at the newest window now and was not, and the other way round."""
    was, now = _open(before.said or {}), _open(newest)
    end = before.window.end
    return {
        "newest": {"start": _text(before.window.start), "end": _text(end)},
        "opened": sorted(now - was),
        "closed": sorted(was - now),
    }


def _open(said: Mapping[str, Any]) -> set[str]:
    return {one["feature"] for one in said.get("open", ())}


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
