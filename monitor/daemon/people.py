"""What people do: they acknowledge and mute incidents, tell occasions, have dead letters sent once more.

The daemon's API asks for it, and the command line where no daemon holds the store.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches

from monitor.config.grammar import Config
from monitor.config.mistakes import meant
from monitor.daemon import saying, shown
from monitor.daemon.aftermath import incident_of, row_of
from monitor.daemon.clock import Clock
from monitor.errors import InputError
from monitor.incident import Incident, Verdict, acknowledged, muted
from monitor.placing import stamp
from monitor.store import deeds, incidents, occasions, outgoing
from monitor.store.database import Database
from monitor.store.incidents import Followed
from monitor.store.occasions import Occasion
from monitor.store.words import Event
from monitor.web.paging import Page
from monitor.web.people import IncidentPage, IncidentRow, LetterRow, OccasionRow

KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
FEW, MANY = 5, 1000

Said = Callable[[Incident, Mapping[str, str], str], Event]


class People:
    """`heard` is told of whose incidents somebody has said something."""

    def __init__(
        self, database: Database, config: Config, clock: Clock, heard: Callable[[str], None] = lambda _: None
    ) -> None:
        self._database, self._config, self._clock, self._heard = database, config, clock, heard

    def incidents(self, monitor: str | None, is_open: bool, limit: int, cursor: str) -> Page[IncidentRow]:
        """Newest first, of a monitor or all."""
        now = self._clock()
        with self._database.read() as connection:
            try:
                rows = incidents.page(connection, monitor, is_open=is_open, limit=limit, cursor=cursor)
            except (ValueError, OverflowError):
                raise _no_cursor(cursor) from None
        items = [shown.row(incident_of(row), now) for row in rows]
        return Page(items=items, cursor=rows[-1].cursor if len(rows) == limit else "")

    def incident(self, key: str) -> IncidentPage | None:
        """One in full; None where there is none of this id."""
        with self._database.read() as connection:
            row = incidents.one(connection, key)
            return None if row is None else shown.page(connection, row, self._clock())

    def known(self, key: str) -> IncidentPage:
        """One in full. Raises InputError that says which there are."""
        found = self.incident(key)
        if found is None:
            there = [row.id for row in self.incidents(None, False, MANY, "").items]
            raise InputError(f"incident {key!r}: unknown; {_meant(key, there)}")
        return found

    def acknowledge(self, key: str, verdict: str, why: str, by: str) -> IncidentPage:
        """Keep what somebody says that it was."""

        def said(incident: Incident, now: datetime) -> Incident:
            return acknowledged(incident, Verdict(verdict), who=by, at=now, why=why)

        return self._said(key, said, saying.acknowledged)

    def mute(self, key: str, until: datetime, why: str, by: str) -> IncidentPage:
        """Tell nothing of it until then."""

        def said(incident: Incident, now: datetime) -> Incident:
            return muted(incident, until, who=by, why=why, at=now)

        return self._said(key, said, saying.muted)

    def _said(self, key: str, change: Callable[[Incident, datetime], Incident], event: Said) -> IncidentPage:
        """The incident is read and written while its monitor's row is held: no window that is followed meanwhile is
        lost, and none loses this."""
        monitor, now = self.known(key).incident.monitor, self._clock()
        with self._database.write() as connection:
            row = incidents.locked(connection, monitor, [key]).get(key)
            if row is None:  # it was forgotten since
                raise InputError(f"incident {key!r}: unknown")
            try:
                incident = change(incident_of(row), now)
            except ValueError as error:
                raise InputError(str(error)) from None
            whose = self._config.monitors.get(monitor)
            labels, runbook = (whose.labels, whose.runbook) if whose is not None else ({}, "")
            told = event(incident, labels, runbook)
            found = Followed(window=incident.last, revision=0, incidents=[row_of(incident, now)], events=[told])
            incidents.changed(connection, monitor, found, now)
        self._heard(monitor)
        return self.known(key)

    def occasions(self, monitor: str | None, since: datetime | None, limit: int, cursor: str) -> Page[OccasionRow]:
        """Latest first, of a monitor or all."""
        with self._database.read() as connection:
            try:
                found = occasions.page(connection, monitor, since=since, limit=limit, cursor=cursor)
            except (ValueError, OverflowError):
                raise _no_cursor(cursor) from None
        items = [shown.occasion(one) for one in found]
        return Page(items=items, cursor=found[-1].cursor if len(found) == limit else "")

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
        """Keep an occasion; without a start it is now, without an id it gets one."""
        now = self._clock()
        start = start or now
        key = key or f"{monitor or 'all'}:{kind}:{stamp(start)}"
        one = Occasion(id=key, kind=kind, start=start, end=end, monitor=monitor, why=why, who=by)
        self._check(one)
        with self._database.write() as connection:
            occasions.told(connection, one, now)
        return shown.occasion(one)

    def _check(self, one: Occasion) -> None:
        if not KIND.fullmatch(one.kind):
            raise InputError(f"kind {one.kind!r}: small letters, digits, _ and - would be right: deploy")
        if not ID.fullmatch(one.id):
            raise InputError(f"id {one.id!r}: letters, digits and _ . : - would be right, at most 128 of them")
        if one.end is not None and one.end <= one.start:
            raise InputError(f"end {one.end:%Y-%m-%dT%H:%M:%SZ}: is not after the start {one.start:%Y-%m-%dT%H:%M:%SZ}")
        if one.monitor is not None and one.monitor not in self._config.monitors:
            raise InputError(f"monitor {one.monitor!r}: unknown; {meant(one.monitor, [*self._config.monitors])}")

    def withdraw(self, key: str) -> bool:
        """Forget an occasion; whether it was there."""
        with self._database.write() as connection:
            return occasions.withdrawn(connection, key)

    def told(self, key: str) -> None:
        """Raise InputError, which says which there are, where no occasion has this id."""
        there = [row.id for row in self.occasions(None, None, MANY, "").items]
        if key not in there:
            raise InputError(f"occasion {key!r}: unknown; {_meant(key, there)}")

    def dead_letters(self, limit: int, cursor: str) -> Page[LetterRow]:
        """Events that were given up, the oldest first."""
        if cursor and not cursor.isdecimal():
            raise _no_cursor(cursor)
        skipped = int(cursor or 0)
        with self._database.read() as connection:
            found = outgoing.dead(connection, limit, skipped)
        items = [shown.letter(one) for one in found]
        return Page(items=items, cursor=str(skipped + limit) if len(found) == limit else "")

    def replay(self, receiver: str) -> int:
        """Send the dead letters of a receiver once more; how many. One that no route names would never get them."""
        actions = [(name, line.name) for name, one in self._config.monitors.items() for line in one.actions]
        names = [*(route.name for route in self._config.routes), *(deeds.receiver(*action) for action in actions)]
        if receiver not in names:
            right = meant(receiver, names) if names else "there are none; `routes:` with one would be right"
            raise InputError(f"route {receiver!r}: unknown; {right}")
        with self._database.write() as connection:
            return outgoing.revived(connection, receiver, self._clock())


def _meant(key: str, there: list[str]) -> str:
    """The end of a message about an id that nobody knows; there may be many that somebody knows."""
    if not there:
        return "there is none yet"
    return meant(key, get_close_matches(key, there, n=1) or there[:FEW])


def _no_cursor(cursor: str) -> InputError:
    return InputError(f"cursor {cursor!r}: is none that was given out")
