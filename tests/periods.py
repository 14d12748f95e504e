"""A store with a little of everything that a period can hold: ten windows of one monitor, what people did, what was
never delivered."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from ledgers import HOUR, LEASE, ZERO, after, done, plan, window
from render.reports import FEATURES, asked, moved, ok, report, too_few, violated, volume

from monitor.cause import Cause
from monitor.daemon.aftermath import row_of
from monitor.daemon.saying import acknowledged as said_event
from monitor.daemon.saying import muted as muted_event
from monitor.finding import at_least, unknown
from monitor.incident import Acknowledgement, Incident, Mute, Part, Verdict
from monitor.ladder import Firing, Rung
from monitor.render.json import report_json
from monitor.report import Inputs, Origin, Report, Span
from monitor.store import incidents, marks, occasions, outgoing
from monitor.store.database import Database
from monitor.store.incidents import Followed
from monitor.store.ledger import Ledger
from monitor.store.occasions import Occasion
from monitor.store.words import Event, EvidenceRow, Retries
from monitor.window import Window

NASTY = "</script><img src=x onerror=alert(1)>"
EMOJI = "\U0001f600" * 2500
END = ZERO + 12 * HOUR
FIRING = Firing(rule="drift", feature="Day Mins", rung=Rung.DRIFT, why="rows above 1: 20 % -> 30 %")
INCIDENT = Incident(
    id="churn:1", monitor="churn", owner="ann", cause=Cause.SHAPE, rung=Rung.DRIFT, why="Day Mins moved",
    evidence=("drift of Day Mins: rows above 1: 20 % -> 30 %",), first=window(4), last=window(5), looked=window(5),
    grown=window(4), parts=(Part(firing=FIRING, first=window(4), last=window(5)),), notified=after(4),
    acknowledged=Acknowledgement(verdict=Verdict.TRUE, who="ann", at=after(5), why="a new tariff"),
    mute=Mute(until=ZERO + 9 * HOUR, who="ann", why="is being mended", at=after(5)),
)  # fmt: skip


def nasty() -> Report:
    """A window whose names come from somebody who means ill."""
    return report(*volume(), *asked("drift", [moved(700), moved(394)], [NASTY, EMOJI]))


def measured() -> Report:
    """A window of which the model's quality is known, in part."""
    found = replace(at_least(-0.06, -0.025, why="auc 0.9 -> 0.84; labels for 500 of 600 predictions"), feature="auc")
    late = unknown("truth_missing", "labels for 60 of 600 predictions: 10 % and 30 % are needed")
    quality = [replace(one, rule="model_quality") for one in (found, late)]
    return report(
        *volume(), *asked("drift", [moved(394)] * 5), *quality,
        baseline=Origin(name="churn-training", version="4", digest="sha256:ba5e4", constraints="sha256:c0de"),
        inputs=Inputs(records=2000, rows=1970, rejected={"not_json": 20, "too_deep": 10}, digest="sha256:f00d9"),
        config_digest="sha256:c0f2",
    )  # fmt: skip


WINDOWS: Sequence[Report | None] = (
    ok(),
    ok(),
    ok(),
    ok(),
    violated(),
    violated(),
    too_few(),
    None,
    nasty(),
    measured(),
)
"""Of the first ten windows; the eighth was given up. The eleventh was skipped, the twelfth is still to be judged."""


def judged(found: Report, at: Window) -> Any:
    """As a worker answers, of the window that it is."""
    found = replace(found, monitor="churn", window=Span(start=at.start, end=at.end))
    inputs = found.inputs
    return replace(
        done(found.status.value, report=report_json(found).encode(), evidence=[EvidenceRow(window=at, look=b"look")]),
        records=inputs.records,
        config_digest=found.config_digest,
        input_digest=inputs.digest,
    )


def keep(state: Path, windows: Sequence[Report | None] = WINDOWS) -> Database:
    """The store; the caller closes it."""
    database = Database.open("sqlite", state)
    database.upgrade()
    ledger = Ledger(database, "one", Retries(most=1))
    ledger.plan("churn", plan(0, len(windows)), after(0))
    for number, found in enumerate(windows):
        claim = ledger.claim(["churn"], LEASE, after(number))
        assert claim is not None
        if found is None:
            ledger.fail(claim, "memory", "took more than 1 GiB", after(number))
        else:
            ledger.finish(claim, judged(found, claim.window), after(number))
    ledger.plan("churn", plan(11, 12, skipped=[10]), after(10))
    _people(database)
    return database


def _people(database: Database) -> None:
    """What was said, told and never delivered."""
    opened = json.dumps({"id": "e" * 64, "kind": "incident.opened", "monitor": "churn", "data": {}})
    events = [
        said_event(INCIDENT, {}, ""),
        muted_event(INCIDENT, {}, ""),
        Event(kind="incident.opened", key="e" * 64, body=opened),
    ]
    found = Followed(window=window(5), revision=1, incidents=[row_of(INCIDENT, after(5))], events=events)
    with database.write() as connection:
        incidents.followed(connection, "churn", found, after(5))
        outgoing.handed(connection, "e" * 64, ["ops"], after(5))
        (one,) = outgoing.due(connection, after(5), 1, ["ops"])
        outgoing.failed(connection, one, "410 gone", None, after(5) + timedelta(minutes=5))
        deploy = Occasion(id="d", kind="deploy", start=ZERO + 4 * HOUR, why="model 8", who="ci")
        occasions.told(connection, deploy, after(4))
        marks.marked(connection, "churn", "noise", FEATURES[1], "ann", "always so", after(9))
