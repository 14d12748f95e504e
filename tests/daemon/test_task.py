"""What goes to a worker and comes back is the same on the other side of the pipe."""

import json
from datetime import UTC, datetime, timedelta
from typing import get_args

from monitor.daemon.task import FAILURES, Answer, Failure, Seen, Task
from monitor.document import from_document, to_document
from monitor.store.words import MarkRow, Object
from monitor.window import Window

NINE = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(start=NINE, end=NINE + HOUR)
TASK = Task(
    name="m",
    monitor={"captures": "captures/m", "checks": {"drift": {"limit": 0.1}}},
    folder="/etc/driftd",
    rules=({"path": "rules/mine.py", "rules": ["mine"]},),
    config_digest="sha256:0",
    window=WINDOW,
    revision=2,
    run_id="m-1",
    reports="/var/lib/driftd/reports/m",
    closed=(Window(start=NINE - HOUR, end=NINE), WINDOW),
    known=(
        Object(path="a.jsonl", size=1, stamp="2", first=NINE, last=None),
        Object(path="s3://bucket/ä", size=1 << 40, stamp='"etag"', first=None, last=NINE, is_half=True),
    ),
    marks=(MarkRow(made_at=NINE, after=NINE, kind="expected", feature=None, who="ann", why="a ü"),),
)
ANSWER = Answer(
    first=NINE,
    status="violated",
    figures={"rows": 3, "scores": [["age", "psi", 0.25, None]]},
    objects=(
        Seen(path="a.jsonl", size=1, stamp="2", first=NINE, last=NINE, rows=3, elsewhere={"0": 2}),
        Seen(path="b.jsonl", size=1, stamp="2", first=None, last=None, is_half=True),
    ),
    input_digest="sha256:1",
    baseline={"name": "model", "version": "v1", "made_at": "2026-03-01T00:00:00Z"},
    folder="/reports/w_r2",
    replayed={"newest": {"end": "x"}, "opened": ["age"], "closed": []},
    notes=("a note",),
    said=("a word", "another"),
    phases={"load": 0.5},
    took_seconds=1.25,
)


def test_a_task_is_the_same_on_the_other_side() -> None:
    assert from_document(Task, json.loads(json.dumps(to_document(TASK)))) == TASK
    look = Task(name="m", monitor={}, folder="/")
    assert from_document(Task, json.loads(json.dumps(to_document(look)))) == look


def test_an_answer_is_the_same_on_the_other_side() -> None:
    assert from_document(Answer, json.loads(json.dumps(to_document(ANSWER)))) == ANSWER
    assert from_document(Answer, json.loads(json.dumps(to_document(Answer())))) == Answer()


def test_the_reasons_are_a_closed_list() -> None:
    assert get_args(Failure) == FAILURES
