"""One thing from near: a window, a feature, an incident, as the store, the configuration and the baselines have it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from monitor.baselines import load
from monitor.daemon import asked, audited, courses, shelves
from monitor.daemon.aftermath import incident_of
from monitor.daemon.clock import Clock
from monitor.daemon.people import People
from monitor.daemon.rows import run_row, window_row
from monitor.daemon.watched import Loaded, Watched
from monitor.document import from_document
from monitor.errors import BaselineError, InputError
from monitor.feature import Feature
from monitor.finding import Finding
from monitor.place import Place
from monitor.profile import Profile
from monitor.report import Inputs, Origin, Report, Span
from monitor.store import closer, queries
from monitor.store import incidents as kept
from monitor.store.database import Database
from monitor.web.details import (
    ActionRow,
    AuditRow,
    Changed,
    FeatureDetail,
    IncidentDetail,
    InputRow,
    Requested,
    Shelf,
    Stretch,
    WindowDetail,
)
from monitor.web.paging import Page
from monitor.window import Window

MOST_INPUTS, REMEMBERED = 200, 8
AROUND = timedelta(days=1)
"""What was changed so long before an incident may have to do with it."""


class Details:
    """What the web asks of one thing; a few statements each."""

    def __init__(self, database: Database, loaded: Loaded, clock: Clock, people: People) -> None:
        self._database, self._loaded, self._clock, self._people = database, loaded, clock, people

    def window(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> WindowDetail | None:
        """A window, in its newest revision where none is named."""
        if start >= end:
            return None
        which = Window(start=start, end=end)
        with self._database.read() as connection:
            row = queries.window(connection, monitor, which)
            if row is None:
                return None
            results = closer.revisions(connection, monitor, which)
            shown = next((one for one in results if revision in (None, one.revision)), None)
            if revision is not None and shown is None:
                return None
            number = shown.revision if shown is not None else 0
            inputs = queries.inputs(connection, monitor, which, number) if shown is not None else {}
            by_run = {one.run_id: one for one in results}
            attempts = closer.attempts(connection, monitor, which)
            earlier, later = closer.neighbours(connection, monitor, which)
            return WindowDetail(
                window=window_row(row),
                revision=number,
                status=shown.status if shown is not None else "",
                report=None if shown is None else _report(connection, monitor, which, shown.revision),
                late=row.late,
                runs=tuple(run_row(one, by_run.get(one.run_id)) for one in attempts),
                revisions=tuple(one.revision for one in results),
                inputs=tuple(
                    InputRow(path=one.path, size=one.size, rows=one.rows) for one in [*inputs.values()][:MOST_INPUTS]
                ),
                input_count=len(inputs),
                earlier=_stretch(earlier),
                later=_stretch(later),
            )

    def features(self, monitor: str) -> Sequence[str]:
        """The features of a monitor, as its newest judged window has them."""
        with self._database.read() as connection:
            newest = queries.newest_judged(connection, monitor)
            if newest is None:
                return ()
            report = _report(connection, monitor, newest.window, newest.revision)
        return _asked(report, newest.figures.get("missing", ()))

    def feature(self, monitor: str, name: str, end: datetime | None, count: int) -> FeatureDetail | None:
        """A feature in the newest judged window that ends by a time, and in so many windows up to that."""
        with self._database.read() as connection:
            newest = queries.newest_judged(connection, monitor)
            if newest is None:
                return None
            until = newest.window.end if end is None else end
            rows = closer.figures(connection, monitor, until, count)
            if not rows:
                return None
            which = rows[-1][0]
            result = queries.result(connection, monitor, which)
            assert result is not None  # it has figures
            report = _report(connection, monitor, which, result.revision)
            found = queries.profile(connection, monitor, which, result.revision)
        features = from_document(Profile, json.loads(found or b"{}")).settled().features
        names = _asked(report, features)
        base, trouble = self._base(monitor, name, report.baseline.version)
        if name not in features and base is None:
            return None
        bands: Sequence[Mapping[str, Any]] = (report.policy or {}).get("bands", ())
        return FeatureDetail(
            start=which.start,
            end=which.end,
            now=features.get(name),
            base=base,
            trouble=trouble,
            report=_about(report, name),
            band=next((one for one in bands if one["feature"] == name), None),
            course=courses.course(monitor, name, rows, result.baseline, base),
            names=names,
        )

    def incident(self, key: str) -> IncidentDetail | None:
        """What stands behind an incident."""
        with self._database.read() as connection:
            row = kept.one(connection, key)
            if row is None:
                return None
            incident = incident_of(row)
            last = queries.result(connection, incident.monitor, incident.last)
            after, until = incident.first.start - AROUND, incident.last.end
            versions = closer.versions(connection, incident.monitor, after, until)
        one = self._loaded.monitors.get(incident.monitor)
        lines = one.monitor.actions if one is not None else ()
        return IncidentDetail(
            drivers=courses.drivers(incident, last.figures if last is not None else {}),
            changes=tuple(_changes(versions)),
            actions=tuple(ActionRow(name=line.name, alarm=line.alarm, told=line.told) for line in lines),
        )

    def shelf(self, monitor: str) -> Shelf:
        """The versions of a monitor's baseline."""
        return shelves.shelf(monitor, self._watched(monitor).monitor.baseline)

    def difference(self, monitor: str, first: str, second: str) -> str:
        """What the second version has that the first has not, in lines of text."""
        return shelves.difference(self._watched(monitor).monitor.baseline, first, second)

    def promote(self, monitor: str, version: str, why: str, by: str) -> str:
        """Make a version the current one; its whole name. It is kept as an occasion, so that it is seen beside what
        comes of it."""
        before, after = shelves.promote(self._watched(monitor).monitor.baseline, version)
        told = f"{after} is current, {before or 'none'} was" + (f": {why}" if why else "")
        self._people.tell("baseline", monitor=monitor, start=None, end=None, why=told, key=None, by=by)
        return after

    def act(self, monitor: str, action: str, incident: str | None, why: str, by: str) -> Requested:
        """Ask for an action now."""
        return asked.act(self._database, self._watched(monitor), action, incident, why=why, by=by, now=self._clock())

    def audit(self, limit: int, cursor: str) -> Page[AuditRow]:
        """What people did, and what driftd did in their name, the latest first."""
        return audited.page(self._database, limit, cursor)

    def _watched(self, monitor: str) -> Watched:
        one = self._loaded.monitors.get(monitor)
        if one is None:
            raise InputError(f"monitor {monitor!r}: is not in the configuration")
        return one

    def _base(self, monitor: str, name: str, version: str) -> tuple[Feature | None, str]:
        """The feature in the baseline that a window was judged against, or why that cannot be read."""
        place = self._watched(monitor).monitor.baseline
        if not version:
            return None, "the report names no version of a baseline"
        try:
            return _features(place, "" if place.name == version else version).get(name), ""
        except BaselineError as error:
            return None, str(error)


@lru_cache(REMEMBERED)
def _features(place: Place, version: str) -> Mapping[str, Feature]:
    """A version is never changed, so that it is read once, while it is among those that are looked at."""
    profile = load(place, version, with_statistics=False).profile
    return (profile.settled() if profile.is_dated else profile).features


def _report(connection: Connection, monitor: str, which: Window, revision: int) -> Report:
    """A report as it was written, but for what stands in no report: which rules were required."""
    found = json.loads(queries.report(connection, monitor, which, revision) or b"{}")
    stretch = found.get("window")
    return Report(
        monitor=monitor,
        window=None if stretch is None else from_document(Span, stretch),
        baseline=from_document(Origin, found.get("baseline", {})),
        inputs=from_document(Inputs, found.get("inputs", {})),
        config_digest=found.get("config_digest", ""),
        findings=tuple(_finding(row) for row in found.get("findings", ())),
        policy=found.get("policy"),
    )


def _finding(row: Mapping[str, Any]) -> Finding:
    return from_document(Finding, {name: value for name, value in row.items() if value is not None})


def _asked(report: Report, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the features that a check was asked about; all of them where none was."""
    names, asked = tuple(names), {one.feature for one in report.findings}
    return tuple(name for name in names if name in asked) or names


def _about(report: Report, name: str) -> Report:
    return Report(
        monitor=report.monitor,
        window=report.window,
        baseline=report.baseline,
        inputs=report.inputs,
        findings=tuple(one for one in report.findings if one.feature == name),
    )


def _stretch(window: Window | None) -> Stretch | None:
    return None if window is None else Stretch(start=window.start, end=window.end)


def _changes(versions: Sequence[closer.Versions]) -> Sequence[Changed]:
    """Where baseline or configuration was another one than in the window before."""
    found = []
    for before, after in pairwise(versions):
        if before.baseline != after.baseline:
            found.append(Changed(at=after.window.start, what="baseline", before=before.baseline, after=after.baseline))
        if before.config_digest != after.config_digest:
            told = [one.config_digest.removeprefix("sha256:")[:12] for one in (before, after)]
            found.append(Changed(at=after.window.start, what="configuration", before=told[0], after=told[1]))
    return found
