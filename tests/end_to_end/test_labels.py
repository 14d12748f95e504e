"""Labels come late, and windows are judged again as they do."""

import contextlib
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import labelled
import shop
from daemons import START, Farm, Process, awaited, serving, settled
from labelled import HOUR, batches, captures, deliver
from sqlalchemy import select

from monitor.daemon.clock import machine_clock
from monitor.daemon.service import Service
from monitor.store import incidents, labels, queries
from monitor.store.database import Database
from monitor.store.tables import EVIDENCE
from monitor.window import Window

DAY = timedelta(days=1)
FIRST = Window(start=START, end=START + HOUR)


def report(service: Service, window: Window = FIRST) -> dict[str, Any]:
    leading = service.state.leading
    assert leading is not None
    with leading.database.read() as connection:
        text = queries.report(connection, "m", window)
        row = queries.window(connection, "m", window)
    assert text is not None
    assert row is not None
    return {**json.loads(text), "revision": row.revision}


def of_quality(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in told["findings"] if one["rule"] == "model_quality"]


def test_a_window_is_judged_when_labels_are_due_and_again_as_they_come(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = captures(farm, 0)
    captures(farm, 1)
    with serving(farm, START + 1.1 * HOUR) as (service, clock):
        settled(service, clock, START + 1.1 * HOUR)
        first = report(service)
        assert (first["revision"], first["quality"]["labelled"], first["quality"]["predicted"]) == (1, 0, 200)
        assert {one["reason"] for one in of_quality(first)} == {"truth_missing"}
        assert of_quality(first)[0]["why"] == (
            "0 of 200 predictions have a label; labels are due on 2026-03-02 at 12:00 UTC"
        )
        deliver(farm, "a.jsonl", truths[:6])
        settled(service, clock, START + 2 * HOUR)
        assert report(service)["revision"] == 1
        settled(service, clock, START + 3 * HOUR)
        due = report(service)
        assert (due["revision"], due["quality"]["labelled"], due["quality"]["coverage"]) == (2, 6, 0.03)
        assert {(one["status"], one["reason"]) for one in of_quality(due)} == {("unknown", "truth_missing")}
        assert "6 of 200 predictions have a label, 3 %; 30 % would do" in of_quality(due)[0]["why"]
        deliver(farm, "b.jsonl", truths[6:])
        settled(service, clock, START + 4 * HOUR)
        whole = report(service)
        assert (whole["revision"], whole["quality"]["labelled"]) == (3, 200)
        assert "truth_missing" not in {one["reason"] for one in of_quality(whole)}
        assert [one for one in whole["findings"] if one["rule"] == "volume"] == [
            one for one in first["findings"] if one["rule"] == "volume"
        ]
        deliver(farm, "again.jsonl", truths)
        deliver(farm, "wrong.jsonl", labelled.wrong(truths))
        settled(service, clock, START + 5 * HOUR)
        assert report(service)["revision"] == 4
        assert report(service)["status"] == "violated"
        folders = sorted(path.name for path in (farm.state / "reports" / "m").glob("20260302T09*"))
        assert [name[-2:] for name in folders] == ["r1", "r2", "r3", "r4"]


def test_labels_that_say_the_same_again_change_nothing(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = captures(farm, 0)
    deliver(farm, "a.jsonl", truths)
    with serving(farm, START + 3 * HOUR) as (service, clock):
        settled(service, clock, START + 3 * HOUR)
        settled(service, clock, START + 3.5 * HOUR)
        revision = report(service)["revision"]
        deliver(farm, "same-bytes.jsonl", truths)
        deliver(farm, "shuffled.jsonl", reversed(truths))
        settled(service, clock, START + 4 * HOUR)
        settled(service, clock, START + 5 * HOUR)
        assert report(service)["revision"] == revision
        assert report(service)["quality"]["labelled"] == 200


def test_a_label_of_a_row_never_captured_waits_is_counted_and_expires(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = captures(farm, 0)
    deliver(farm, "a.jsonl", [*truths, ("never", 1)])
    with serving(farm, START + 3 * HOUR) as (service, clock):
        for hours in (3, 4, 5):
            settled(service, clock, START + hours * HOUR)
        leading = service.state.leading
        assert leading is not None
        with leading.database.read() as connection:
            (file,) = labels.files(connection, "m")
        assert (file.labels, file.found) == (201, 200)
        settled(service, clock, START + 5 * DAY)
        settled(service, clock, START + 5 * DAY + HOUR)
        with leading.database.read() as connection:
            (file,) = labels.files(connection, "m")
        assert file.is_expired
        assert not list((farm.state / "truth" / "m" / "labels").iterdir())
        assert report(service)["quality"]["labelled"] == 200


def test_rows_of_a_payload_get_the_labels_in_their_order(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = captures(farm, 0, several=4)
    by_id: dict[str, list[str]] = {}
    for key, label in truths:
        by_id.setdefault(key, []).append(str(label))
    deliver(farm, "a.jsonl", [(key, "\n".join(several)) for key, several in by_id.items()])
    with serving(farm, START + 3 * HOUR) as (service, clock):
        settled(service, clock, START + 3 * HOUR)
        settled(service, clock, START + 4 * HOUR)
        told = report(service)
    single = labelled.farm(tmp_path / "single")
    deliver(single, "a.jsonl", captures(single, 0))
    with serving(single, START + 3 * HOUR) as (service, clock):
        settled(service, clock, START + 3 * HOUR)
        settled(service, clock, START + 4 * HOUR)
        assert of_quality(report(service)) == of_quality(told)
    assert told["quality"]["labelled"] == 200


def test_captures_that_come_late_are_read_although_labels_had_the_window_open(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = captures(farm, 0)
    with serving(farm, START + 1.1 * HOUR) as (service, clock):
        settled(service, clock, START + 1.1 * HOUR)
        late = [shop.capture("40.0,50.0,a", "0.5", number, at=START + HOUR / 2) for number in range(900, 920)]
        shop.write(farm.folder / "captures" / "m" / f"{START + HOUR:%Y/%m/%d/%H}" / "late.jsonl", late)
        deliver(farm, "a.jsonl", [*truths, *((f"id-{number}", 1) for number in range(900, 920))])
        settled(service, clock, START + 3.1 * HOUR)
        settled(service, clock, START + 3.5 * HOUR)
        told = report(service)
        assert (told["inputs"]["rows"], told["quality"]["predicted"], told["quality"]["labelled"]) == (220, 220, 220)


def verdicts(database: Database) -> dict[Window, Any]:
    """What is said of each window in the end; how often labels said the same is no part of it."""
    found = {}
    with database.read() as connection:
        for row in queries.windows(connection, "m"):
            told = json.loads(queries.report(connection, "m", row.window) or b"{}")
            counts = told.get("quality") or {}
            found[row.window] = (row.state, told["status"], told["findings"], counts.get("labelled"), told["inputs"])
    return found


def hours(farm: Farm, begin: datetime = START) -> list[tuple[str, int]]:
    return [truth for hour in range(3) for truth in captures(farm, hour, 120, begin=begin)]


def test_ten_batches_in_any_order_end_where_all_at_once_do(tmp_path: Path) -> None:
    ends = []
    for folder, order in (("once", None), ("late", 3), ("later", 11)):
        farm = labelled.farm(tmp_path / folder, ", min_coverage: 1%")
        truths = hours(farm)
        deliveries = list(enumerate(batches(truths, 10, seed=5)))
        with serving(farm, START + 3.1 * HOUR) as (service, clock):
            if order is None:
                for number, batch in deliveries:
                    deliver(farm, "a.jsonl", batch, at=START + number * HOUR)
            settled(service, clock, START + 3.1 * HOUR)
            random.Random(order).shuffle(deliveries)
            for hour, (number, batch) in enumerate(deliveries, 4):
                deliver(farm, "a.jsonl", batch, at=START + number * HOUR)
                settled(service, clock, START + hour * HOUR)
            settled(service, clock, START + 14 * HOUR)
            settled(service, clock, START + 14.5 * HOUR)
            assert service.state.leading is not None
            ends.append(verdicts(service.state.leading.database))
    assert len(ends[0]) == 14
    assert [end[FIRST][3] for end in ends] == [120] * 3
    assert ends[1] == ends[0]
    assert ends[2] == ends[0]


def memory(database: Database) -> list[tuple[Any, ...]]:
    """All that the policy keeps of the windows."""
    c = EVIDENCE.c
    with database.read() as connection:
        query = select(c.start_at, c.since_at, c.layout, c.look, c.learned, c.memory).order_by(c.end_at)
        return [tuple(row) for row in connection.execute(query)]


def of_errors(told: dict[str, Any]) -> dict[str, Any]:
    (one,) = [one for one in of_quality(told) if one["feature"] == "errors"]
    return one


def test_late_batches_end_in_the_policys_memory_of_labels_that_were_there_at_once(tmp_path: Path) -> None:
    windows, ends, newest = 9, [], []
    for folder, order in (("once", None), ("late", 3), ("later", 11)):
        farm = labelled.farm(tmp_path / folder, ", min_coverage: 1%", labelled.FOLLOWED)
        truths = [truth for hour in range(windows) for truth in captures(farm, hour)]
        truths[-400:] = labelled.wrong(truths[-400:])
        deliveries = list(enumerate(batches(truths, 4, seed=5)))
        with serving(farm, START + 9.1 * HOUR) as (service, clock):
            if order is None:
                for number, batch in deliveries:
                    deliver(farm, "a.jsonl", batch, at=START + number * HOUR)
            settled(service, clock, START + 9.1 * HOUR)
            random.Random(order).shuffle(deliveries)
            for hour, (number, batch) in enumerate(deliveries, 11):
                deliver(farm, "a.jsonl", batch, at=START + number * HOUR)
                settled(service, clock, START + hour * HOUR)
            settled(service, clock, START + 15 * HOUR)
            settled(service, clock, START + 15.5 * HOUR)
            assert service.state.leading is not None
            ends.append(memory(service.state.leading.database))
            told = report(service, Window(start=START + 8 * HOUR, end=START + 9 * HOUR))
            newest.append((told["status"], told["findings"], told["policy"]))
    assert ends[1] == ends[0]
    assert ends[2] == ends[0]
    assert newest[1] == newest[0]
    assert newest[2] == newest[0]
    (errors,) = [one for one in newest[0][1] if one["feature"] == "errors"]
    assert (errors["status"], errors["n_now"]) == ("violated", 200)


def test_what_labels_say_is_followed_in_the_window_they_are_of_and_told_once(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path, "", labelled.FOLLOWED)
    truths = [captures(farm, hour) for hour in range(11)]
    for hour in range(9):
        deliver(farm, f"{hour}.jsonl", truths[hour] if hour < 7 else labelled.wrong(truths[hour]))
    last = Window(start=START + 8 * HOUR, end=START + 9 * HOUR)
    with serving(farm, START + 9.1 * HOUR) as (service, clock):
        settled(service, clock, START + 9.1 * HOUR)
        early = report(service, last)
        assert (of_errors(early)["status"], of_errors(early)["reason"]) == ("unknown", "truth_missing")
        assert "labels are due" in of_errors(early)["why"]
        assert {one["feature"] for one in of_quality(early)} == {"errors"}
        settled(service, clock, START + 10.5 * HOUR)
        settled(service, clock, START + 11.1 * HOUR)
        late = report(service, last)
        assert of_errors(late)["status"] == "violated"
        assert of_errors(late)["why"].startswith("errs more since Monday 2026-03-02 16:00 UTC: rows wrongly predicted")
        metrics = {one["status"] for one in of_quality(late) if one["feature"] != "errors"}
        assert metrics == {"skipped"}
        assert [one["feature"] for one in late["policy"]["open"]] == ["errors"]
        others = [[one for one in told["findings"] if one["rule"] == "volume"] for told in (early, late)]
        assert others[0] == others[1]
        leading = service.state.leading
        assert leading is not None
        with leading.database.read() as connection:
            (told,) = [json.loads(row.body) for row in incidents.open_ones(connection, "m")]
        assert [(part["firing"]["rule"], part["firing"]["feature"]) for part in told["parts"]] == [
            ("model_quality", "errors")
        ]
        assert told["cause"] == "concept"


def killed(farm: Farm, after: str) -> None:
    """A daemon that is killed once it has said this."""
    with Process(farm.config) as process:
        process.awaited(after)
        process.popen.kill()
        process.popen.wait()


def is_settled(farm: Farm) -> bool:
    """Whether every window is judged with every label there is."""
    database = Database.open("sqlite", farm.state, read_only=True)
    try:
        with database.read() as connection:
            last = max((file.place for file in labels.files(connection, "m")), default=0)
            waits = labels.awaited(connection, "m")
            states = {row.state for row in queries.windows(connection, "m")}
    finally:
        database.close()
    now = machine_clock()
    is_told = all(one.seen_to == last and not one.is_touched and (one.is_judged or one.due > now) for one in waits)
    return bool(waits) and is_told and states == {"done"}


def lived(farm: Farm) -> None:
    """A daemon that lives for a while; it is started again where windows were judged while it looked for labels."""
    for _ in range(5):
        with Process(farm.config) as process:
            process.awaited("labels looked through")
            with contextlib.suppress(AssertionError):
                awaited(lambda: is_settled(farm), seconds=5)
            assert process.end() == 0
        if is_settled(farm):
            return
    raise AssertionError(f"not settled: {process.said}")


def test_a_daemon_killed_between_batches_ends_where_one_that_lived_does(tmp_path: Path) -> None:
    begin = machine_clock().replace(minute=0, second=0, microsecond=0) - 8 * HOUR
    ends = []
    for folder in ("killed", "lived"):
        farm = labelled.farm(tmp_path / folder, ", min_coverage: 1%")
        for number, batch in enumerate(batches(hours(farm, begin), 3, seed=9)):
            deliver(farm, "a.jsonl", batch, at=begin + number * HOUR)
            if folder == "killed":
                killed(farm, "window judged" if number == 1 else "labels read")
        lived(farm)
        database = Database.open("sqlite", farm.state, read_only=True)
        ends.append(verdicts(database))
        database.close()
    for hour in range(3):
        window = Window(start=begin + hour * HOUR, end=begin + (hour + 1) * HOUR)
        assert ends[0][window][3] == 120
        assert ends[0][window] == ends[1][window]


def test_a_model_that_went_wrong_opens_an_incident_when_its_labels_say_so(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    truths = [captures(farm, hour) for hour in range(6)]
    with serving(farm, START + 5.1 * HOUR) as (service, clock):
        settled(service, clock, START + 5.1 * HOUR)
        leading = service.state.leading
        assert leading is not None

        def open_ones() -> list[str]:
            with leading.database.read() as connection:
                return [row.body for row in incidents.open_ones(connection, "m")]

        assert not open_ones()
        deliver(farm, "a.jsonl", labelled.wrong(truths[0]))
        settled(service, clock, START + 5.5 * HOUR)
        assert not open_ones()  # once is chance
        deliver(farm, "b.jsonl", labelled.wrong(truths[1]))
        settled(service, clock, START + 5.9 * HOUR)
        (told,) = open_ones()
        assert "of the window from 2026-03-02 10:00 to 2026-03-02 11:00 UTC, by its labels" in told
