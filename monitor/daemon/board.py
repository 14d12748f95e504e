"""The board: what is known of every monitor, kept up to date as windows are judged, and what is said of each."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from monitor.daemon import views
from monitor.daemon.bookkeeping import figures_of
from monitor.daemon.clock import Clock
from monitor.daemon.dispatch import about
from monitor.daemon.task import Answer, Worked
from monitor.daemon.watched import Loaded, Watched
from monitor.errors import StoreError
from monitor.logs import logger
from monitor.metrics.registry import Metrics
from monitor.metrics.view import Incidents, Labels, MonitorView, Snapshot
from monitor.store.rows import MonitorRow, ResultRow
from monitor.store.words import Claim, Finished

MOST_NAMED = 5

log = logger("monitor")


class Board:
    """Told of every window by the dispatcher; `show` swaps what metrics and pages see."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics, self._clock = metrics, clock
        self._views: dict[str, MonitorView] = {}
        self._lock = threading.Lock()

    def load(
        self,
        loaded: Loaded,
        rows: Mapping[str, MonitorRow],
        latest: Mapping[str, ResultRow],
        now: datetime,
        incidents: Mapping[str, Incidents] | None = None,
    ) -> None:
        """A configuration begins, with what the store remembers of its monitors."""
        made = {}
        for name, one in loaded.monitors.items():
            row = rows.get(name)
            view = views.configured(one, row.planned_to if row is not None else None, now)
            made[name] = replace(views.restored(view, row, latest.get(name)), incidents=(incidents or {}).get(name))
            self._metrics.watch(name, one.rules, one.users, [line.name for line in one.monitor.actions])
        with self._lock:
            gone = self._views.keys() - made.keys()
            self._views = made
        for name in gone:
            self._metrics.forget(name)
        self.show()

    def clear(self) -> None:
        """Nothing is shown any more: another instance does."""
        with self._lock:
            gone, self._views = tuple(self._views), {}
        for name in gone:
            self._metrics.forget(name)
        self.show()

    def show(self) -> None:
        """Swap in what is known now."""
        self._metrics.show(self.snapshot())

    def snapshot(self) -> Snapshot:
        with self._lock:
            return Snapshot(monitors=tuple(self._views.values()), taken_at=self._clock())

    def planned(self, one: Watched, planned_to: datetime | None, now: datetime) -> None:
        """Windows of a monitor were planned."""
        self._change(one.name, next_run=views.next_run(one, planned_to, now) if one.monitor.enabled else None)

    def counted(self, pending: Mapping[str, int]) -> None:
        """How many windows wait, of monitors that have been planned."""
        with self._lock:
            for name, count in pending.items():
                view = self._views.get(name)
                if view is not None and view.pending != count:
                    self._views[name] = replace(view, pending=count)

    def closed_to(self, name: str, watermark: datetime | None) -> None:
        """Up to where every window of a monitor is closed."""
        self._change(name, watermark=watermark)

    def followed(self, name: str, incidents: Incidents) -> None:
        """A window, or somebody's word, has changed what is known of a monitor's incidents."""
        self._change(name, incidents=incidents)
        self.show()

    def labelled(self, name: str, truth: Labels) -> None:
        """Labels have come, or are waited for."""
        self._change(name, truth=truth)
        self.show()

    # What the dispatcher tells

    def judged(self, one: Watched, claim: Claim, worked: Worked, finished: Finished) -> None:
        """A window is done: say so, count it, show it."""
        answer = worked.answer
        figures = figures_of(answer)
        with self._lock:
            view = self._views.get(one.name)
            if view is not None:
                judged = views.judged(view, claim, answer, self._clock())
                told = None if view.alarms is None else view.alarms + finished.alarms
                self._views[one.name] = replace(judged, alarms=told)
        self._metrics.run_finished(
            one.name,
            seconds=answer.took_seconds,
            run_id=claim.run_id,
            figures=figures,
            read_bytes=sum(seen.size for seen in answer.objects),
            phases=answer.phases,
        )
        if finished.late_records:
            self._metrics.records_late(one.name, finished.late_records)
            text = "records came late for windows that were closed"
            late = {"records": finished.late_records, "windows": len(finished.late), "again": len(finished.reopened)}
            log.info(text, extra={"about": {**about(claim), **late}})
        moved = figures.violating
        named = ", ".join(moved[:MOST_NAMED]) + (
            f" and {len(moved) - MOST_NAMED} more" if len(moved) > MOST_NAMED else ""
        )
        more = {"status": answer.status, "rows": str(figures.rows), "judged": f"{figures.judged}/{figures.asked}"}
        more |= {"revision": str(claim.revision)} if claim.revision > 1 else {}
        more |= {"violating": named} if named else {}
        log.info("window judged", extra={"about": {**about(claim), **more, "took": f"{answer.took_seconds:.2f}s"}})
        for text in (*answer.notes, *answer.said):
            log.info(text, extra={"about": about(claim)})

    def failed(self, one: Watched, claim: Claim, answer: Answer, state: str) -> None:
        """An attempt gave no verdict."""
        self._change(one.name, last_run=self._clock(), trouble=f"{answer.failure}: {answer.why}")
        seconds = answer.took_seconds
        self._metrics.run_finished(one.name, seconds=seconds, reason=answer.failure, run_id=claim.run_id)
        if state == "dead":
            self._metrics.windows_skipped(one.name, "dead")
        more = {"reason": answer.failure, "attempt": claim.failures + 1, "state": state, "err": answer.why}
        log.error("window not judged", extra={"about": {**about(claim), **more}})

    def received(self, one: Watched, answer: Answer) -> None:
        """A look at where a monitor's labels come."""
        if answer.failure or answer.received is None:
            log.warning("labels not read", extra={"about": {"monitor": one.name, "err": answer.why}})
            return
        log.debug("labels looked through", extra={"about": {"monitor": one.name}})
        for file in answer.received.files:
            self._metrics.labels_read(one.name, file.labels, sum(file.rejected.values()))
            more = {"labels": file.labels, "rejected": sum(file.rejected.values()), "file": file.path}
            log.info("labels read", extra={"about": {"monitor": one.name, **more}})

    def unchanged(self, claim: Claim) -> None:
        """Labels came for a window and change nothing of its verdict."""
        log.info("labels change nothing", extra={"about": about(claim)})

    def expired(self, one: Watched, count: int) -> None:
        """Labels have waited for their predictions for as long as they may."""
        self._metrics.labels_expired(one.name, count)
        log.warning("labels have expired without a prediction", extra={"about": {"monitor": one.name, "labels": count}})

    def looked(self, one: Watched, answer: Answer) -> None:
        """A look at where a monitor's history begins; what came of it is the planner's."""
        if answer.failure:
            self._change(one.name, trouble=f"{answer.failure}: {answer.why}")
            self._metrics.run_finished(one.name, seconds=answer.took_seconds, reason=answer.failure)
            more = {"reason": answer.failure, "err": answer.why}
            log.error("captures cannot be looked at", extra={"about": {"monitor": one.name} | more})

    def troubled(self, operation: str, error: StoreError) -> None:
        """The store could not be read or written; what was under way is tried again."""
        self._metrics.store_failed(operation)
        log.error("store: %s", error)

    def _change(self, name: str, **values: object) -> None:
        with self._lock:
            view = self._views.get(name)
            if view is not None:
                self._views[name] = replace(view, **values)  # type: ignore[arg-type]
