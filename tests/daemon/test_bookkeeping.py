"""A worker's answer in the words of the store."""

import json
from dataclasses import replace

from daemon.parts import HOUR, NINE, claim, seen, window, worked

from monitor.daemon.bookkeeping import done_of, figures_of
from monitor.daemon.bundle import packed
from monitor.daemon.task import Task
from monitor.figures import Figures, Score
from monitor.store.words import ALARM, EvidenceRow, Input

TASK = Task(name="m", monitor={}, folder="/", config_digest="sha256:c", closed=(window(-2), window(-1)))
FIGURES = Figures(
    status="violated",
    judged=3,
    asked=4,
    records=12,
    rows=10,
    rejected={"not_json": 2},
    violating=("age", "zip"),
    violations={"drift": 2, "volume": 0},
    scores=(Score(feature="age", method="largest_shift", score=0.25, threshold=0.1),),
    missing={"age": 0.5},
    last_record=NINE,
)


def test_figures_are_the_same_after_the_pipe() -> None:
    assert figures_of(worked(figures=FIGURES).answer) == FIGURES


def test_a_judged_window_is_written_down_with_what_was_read_and_what_belongs_elsewhere() -> None:
    objects = (
        seen("a", rows=10, elsewhere={"1": 3}),
        seen("b", is_half=True, first=None, last=None),
        seen("c", elsewhere={"0": 1, "1": 2}),
    )
    done = done_of(claim(), TASK, worked(figures=FIGURES, objects=objects))
    assert (done.status, done.records, done.rows, done.rejected) == ("violated", 12, 10, {"not_json": 2})
    assert done.last_record == NINE
    assert done.inputs == (Input(path="a", size=5, stamp="s", rows=10),), "only what the window had records of"
    assert [one.path for one in done.objects] == ["a", "b", "c"], "all are remembered, so that they are not read again"
    assert done.rows_elsewhere == {
        "a": {(NINE - HOUR, NINE): 3},
        "c": {(NINE - 2 * HOUR, NINE - HOUR): 1, (NINE - HOUR, NINE): 2},
    }
    assert (done.config_digest, done.baseline, done.input_digest) == ("sha256:c", "base/v1", "sha256:1")
    assert done.figures["baseline"]["rows"] == 7
    assert (done.report, done.profile, done.folder) == (b'{"findings": []}', b"{}", "/reports/w_r1")


def test_the_event_of_a_window_holds_numbers_and_names_and_no_value() -> None:
    found = worked(figures=FIGURES, notes=("secret value 4711",), said=("4711",), objects=(seen("4711"),))
    (event,) = done_of(replace(claim(), revision=2), TASK, found).outbox
    assert event.kind == "window.judged"
    assert json.loads(event.body) == {
        "monitor": "m",
        "window": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"},
        "revision": 2,
        "run_id": "run-0",
        "status": "violated",
        "judged": 3,
        "asked": 4,
        "rows": 10,
        "violations": {"drift": 2},
        "features": ["age", "zip"],
    }


def test_what_the_policy_keeps_and_says_is_written_down_and_a_shadow_tells_nobody() -> None:
    said = {"words": [{"what": "drift", "feature": "age", "since": None, "channel": "level", "scale": 1}], "skews": []}
    kept = [EvidenceRow(window=window(0), look=b"look", memory=b"memory", layout="cells", said=said)]
    found = replace(worked(figures=FIGURES, replayed={"opened": ["age"]}), evidence=packed(kept))
    done = done_of(claim(), TASK, found)
    assert (done.evidence, done.replays) == (kept, True)
    assert [event.kind for event in done.outbox] == ["window.judged", ALARM]
    shadow = done_of(claim(), replace(TASK, monitor={"shadow": True}), found)
    assert (shadow.outbox, shadow.evidence) == ((), kept)


def test_an_event_names_so_many_features_at_most() -> None:
    many = replace(FIGURES, violating=tuple(f"f{number}" for number in range(500)))
    (event,) = done_of(claim(), TASK, worked(figures=many)).outbox
    assert json.loads(event.body)["features"] == [f"f{number}" for number in range(20)]
