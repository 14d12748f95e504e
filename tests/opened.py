"""Stores that hold incidents, as if a daemon had followed their windows."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.alarm import State
from monitor.cause import Cause
from monitor.daemon.aftermath import row_of
from monitor.incident import Incident, Part, Told
from monitor.ladder import Firing, Rung
from monitor.routing import Route
from monitor.store import incidents, outgoing, planning
from monitor.store.database import Database
from monitor.store.incidents import AlarmRow, Followed
from monitor.store.words import Event
from monitor.window import Window

START, HOUR = datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(hours=1)
NOW = START + 2 * HOUR
WINDOW = Window(start=START, end=START + HOUR)
GONE = Firing(rule="missing_column", feature="income", rung=Rung.SCHEMA, severity="page", why="is gone")
FELL = Firing(rule="drift", feature="score", rung=Rung.DRIFT, why="moved", is_output=True)
INCIDENT = Incident(
    id="m:20260302T100000Z:1",
    monitor="m",
    owner="ann",
    cause=Cause.SCHEMA,
    rung=Rung.SCHEMA,
    why="column income is gone",
    evidence=("12 of 13 columns came",),
    first=WINDOW,
    last=WINDOW,
    looked=WINDOW,
    grown=WINDOW,
    parts=(
        Part(firing=GONE, first=WINDOW, last=WINDOW),
        Part(firing=FELL, first=WINDOW, last=WINDOW, by=GONE.key),
    ),
    told=Told(severity="page", route=Route.PAGE, rungs=(Rung.SCHEMA,)),
    notified=NOW,
)
OVER = replace(INCIDENT, id="m:20260302T090000Z:1", first=Window(start=START - HOUR, end=START), resolved=NOW)
TOLD = "1" * 64
DOWN = AlarmRow(name="down", state=State.OK.value, since=START, seen_to=WINDOW.end, body="{}")


def event(incident: Incident = INCIDENT, key: str = TOLD) -> Event:
    """What told that it opened."""
    body: dict[str, Any] = {"id": key, "kind": "incident.opened", "time": "2026-03-02T11:00:00Z", "monitor": "m"}
    body |= {"severity": "page", "summary": incident.why, "status": "firing", "since": "2026-03-02T09:00:00Z"}
    return Event(kind="incident.opened", key=key, body=json.dumps({**body, "data": {"incident": incident.id}}))


def keep(folder: Path, *kept: Incident, told: bool = False) -> Database:
    """A store in a state folder with these incidents and an alarm; `told`: that the first opened was told to `ops`,
    which is gone."""
    database = Database.open("sqlite", folder)
    database.upgrade()
    rows = [row_of(one, NOW) for one in kept]
    found = Followed(window=WINDOW, revision=1, alarms=[DOWN], incidents=rows, events=[event()] if told else [])
    with database.write() as connection:
        planning.known(connection, "m")
        assert incidents.followed(connection, "m", found, NOW)
        if told:
            outgoing.handed(connection, TOLD, ["ops"], NOW)
            (one,) = outgoing.due(connection, NOW, 1, ["ops"])
            outgoing.failed(connection, one, "410 gone", None, NOW + HOUR)
    return database
