"""One thing from near, on a daemon that is real: hours of a shop whose data have moved."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from daemons import HOUR, START, settled
from jsonschema import validate
from render.test_rejected import SCHEMA
from web.pages.farmed import HOSTILE, HOURS, MOVED_FROM, Judged, judged

from monitor.errors import BaselineError, InputError
from monitor.feature import Numeric
from monitor.figures import COURSE
from monitor.finding import Status
from monitor.web.details import Details

LAST = START + (HOURS - 1) * HOUR


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with judged(tmp_path_factory.mktemp("farm")) as found:
        yield found


@pytest.fixture
def details(daemon: Judged) -> Details:
    return daemon.service.site.details


def test_a_window_has_its_report_what_was_read_and_every_attempt(daemon: Judged, details: Details) -> None:
    found = details.window("m", LAST, LAST + HOUR, None)
    assert found is not None
    assert found.report is not None
    assert (found.status, found.revision, found.revisions) == ("violated", 1, (1,))
    assert {one.feature for one in found.report.violations} == {"amount", "city"}
    assert found.report.inputs.rejected == {"not_json": 1}
    assert [(one.rows, one.path.rpartition("/")[2]) for one in found.inputs] == [(401, "a.jsonl")]
    assert [(one.status, one.rows) for one in found.runs] == [("violated", 400)]
    assert found.earlier is not None
    assert (found.earlier.end, found.later) == (LAST, None)
    folder = daemon.service.site.report_folder("m", LAST, LAST + HOUR, None)
    assert folder is not None
    samples = json.loads((folder / "rejected.json").read_text())
    validate(samples, SCHEMA)
    assert [one["shape"] for one in samples["samples"]] == ["aa aaaaaaa"]


def test_a_report_is_read_as_it_was_written(details: Details) -> None:
    found = details.window("m", LAST, LAST + HOUR, 1)
    assert found is not None
    assert found.report is not None
    drift = next(one for one in found.report.findings if one.rule == "drift" and one.feature == "amount")
    assert (drift.status, drift.direction, drift.since is not None) == (Status.VIOLATED, "at_most", True)
    assert {one.name for one in drift.measures} >= {"ks", "psi", "median"}


@pytest.mark.parametrize("revision", [2, 9])
def test_a_revision_that_there_is_not_is_none(details: Details, revision: int) -> None:
    assert details.window("m", LAST, LAST + HOUR, revision) is None
    assert details.window("m", LAST, LAST, None) is None
    assert details.window("m", LAST + HOUR, LAST + 2 * HOUR, None) is None


def test_a_feature_has_both_sides_and_goes_over_windows(details: Details) -> None:
    found = details.feature("m", "amount", None, 168)
    assert found is not None
    assert isinstance(found.now, Numeric)
    assert isinstance(found.base, Numeric)
    assert (found.now.rows, found.base.rows, found.trouble) == (400, 3000, "")
    points = found.course.points
    assert len(points) == HOURS
    assert [one.violated for one in points] == [hour >= MOVED_FROM for hour in range(HOURS)]
    medians = [one.quantiles[2] for one in points if one.quantiles is not None]
    assert min(medians[MOVED_FROM:]) > max(medians[:MOVED_FROM])
    assert found.course.baseline_quantiles is not None
    assert len(found.course.baseline_quantiles) == len(COURSE)
    assert abs(points[0].missing - 0.04) < 0.001  # type: ignore[operator]
    assert found.band is not None


def test_a_feature_is_told_up_to_a_time_in_so_many_windows(details: Details) -> None:
    found = details.feature("m", "amount", START + 5 * HOUR, 3)
    assert found is not None
    assert [one.end for one in found.course.points] == [START + hour * HOUR for hour in (3, 4, 5)]
    assert found.end == START + 5 * HOUR
    assert details.feature("m", "amount", START, 3) is None


def test_a_text_has_no_quantiles_and_a_name_that_nobody_has_is_none(details: Details) -> None:
    found = details.feature("m", "city", None, 1)
    assert found is not None
    assert (found.course.points[0].quantiles, found.course.baseline_quantiles) == (None, None)
    assert details.feature("m", "none", None, 1) is None
    assert set(details.features("m")) == {"score", "amount", HOSTILE, "city"}


def test_features_carry_an_incident_by_how_far_they_moved(daemon: Judged, details: Details) -> None:
    found = details.incident(daemon.incident)
    assert found is not None
    assert [one.feature for one in found.drivers] == ["amount", "city"]
    shares = [one.share or 0.0 for one in found.drivers]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)
    assert [one.name for one in found.actions] == ["retrain"]
    assert details.incident("none") is None


def test_an_action_is_asked_for_and_told_who_asked(daemon: Judged, details: Details) -> None:
    with pytest.raises(InputError, match="did you mean 'retrain'"):
        details.act("m", "retrian", None, "", "ann")
    with pytest.raises(InputError, match=r"incident 'none': monitor 'm' has none of this id"):
        details.act("m", "retrain", "none", "", "ann")
    leading: Any = daemon.service.state.leading
    with pytest.raises(InputError, match=r"not done while data are broken: .* has the cause category"):
        details.act("m", "retrain", daemon.incident, "", "ann")
    daemon.service.site.people.acknowledge(daemon.incident, "false", "a new market", "ann")
    asked = details.act("m", "retrain", daemon.incident, "a new market", "ann")
    with leading.database.read() as connection:
        row = connection.exec_driver_sql("SELECT kind, body FROM outbox WHERE id = ?", (asked.event,)).one()
    body = json.loads(row.body)
    assert (row.kind, body["subject"], body["data"]["who"]) == ("action.requested", "retrain", "ann")
    assert body["data"]["incident"] == daemon.incident
    rows = details.audit(50, "").items
    assert ("ann", "asked for an action", "retrain", "a new market") in [
        (one.who, one.what, one.about, one.why) for one in rows
    ]
    assert ("ann", "acknowledged an incident", "false") in [(one.who, one.what, one.about) for one in rows]
    assert any(one.what == "told an occasion: deploy" and one.who == "ci" for one in rows)


def test_who_did_what_comes_page_by_page(details: Details) -> None:
    every = [one.at for one in details.audit(50, "").items]
    assert every == sorted(every, reverse=True)
    first = details.audit(1, "")
    assert first.cursor == "1"
    assert details.audit(1, first.cursor).items[0] == details.audit(50, "").items[1]
    with pytest.raises(InputError, match="is none that was given out"):
        details.audit(1, "x")


def test_versions_are_listed_compared_and_made_current(daemon: Judged, details: Details) -> None:
    shelf = details.shelf("m")
    first, second = shelf.versions
    assert (first.is_current, second.is_current, shelf.can_promote, first.rows) == (True, False, True, 3000)
    assert "mean" in details.difference("m", first.version, second.version)
    with pytest.raises(BaselineError, match="names 0 baselines"):
        details.promote("m", "v9", "", "ann")
    assert details.promote("m", "v2", "trained anew", "ann") == second.version
    assert [one.is_current for one in details.shelf("m").versions] == [False, True]
    (told, *_) = daemon.service.site.people.occasions("m", None, 1, "").items
    assert (told.kind, told.who) == ("baseline", "ann")
    assert told.why == f"{second.version} is current, {first.version} was: trained anew"
    clock: Any = daemon.service._clock
    settled(daemon.service, clock, LAST + 2 * HOUR + timedelta(minutes=1))
    found = details.window("m", LAST + HOUR, LAST + 2 * HOUR, None)
    assert found is not None
    assert found.report is not None
    assert found.report.baseline.version == second.version
