"""What is old goes, what is shown stays."""

import os
from datetime import timedelta
from pathlib import Path

import labelled
import pytest
from daemons import HOUR, START, Farm, serving, settled

from monitor.daemon.telling import REMEMBERED
from monitor.store import labels, queries
from monitor.store.words import LabelFile, Received

KEEP = "retention: {reports: 2h, results: 3h}"


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write(
        monitors=f"  m: {{captures: captures/m, baseline: baselines/model, schedule: {{every: 1h, delay: 0s}}, {KEEP}}}"
    )
    for hour in range(5):
        made.captures("m", START + hour * HOUR, count=50)
    return made


def test_old_reports_and_results_go_and_the_newest_stay(farm: Farm) -> None:
    with serving(farm, START + 5 * HOUR) as (service, clock):
        settled(service, clock, START + 5 * HOUR)
        leading = service.state.leading
        assert leading is not None
        folder = farm.state / "reports" / "m"
        assert len(list(folder.iterdir())) == 5
        strange = folder / "20260000T000000Z_20269999T000000Z_r1"
        strange.mkdir()
        clock.move(START + 6 * HOUR)
        leading.keep()
        strange.rmdir()
        assert sorted(path.name[9:13] for path in folder.iterdir()) == ["1200", "1300"]
        with leading.database.read() as connection:
            ends = [r.window.end for r in queries.results(connection, "m", START, START + 9 * HOUR)]
            assert ends == [START + 3 * HOUR, START + 4 * HOUR, START + 5 * HOUR]
            assert len(queries.windows(connection, "m")) == 3
            assert len(queries.runs(connection, "m")) == 3
            assert len(queries.objects(connection, "m")) == 3

        clock.move(START + timedelta(days=30))
        leading.keep()
        with leading.database.read() as connection:
            (last,) = queries.results(connection, "m", START, START + 9 * HOUR)
        assert last.window.end == START + 5 * HOUR
        assert [path.name[9:13] for path in folder.iterdir()] == ["1300"]


def test_labels_of_a_monitor_that_takes_none_any_more_go_when_its_results_would(farm: Farm) -> None:
    with serving(farm, START + 5 * HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        file = LabelFile(path="a", size=1, stamp="s", own=START, digest="d", segments=("a-0.labels",), labels=3)
        for name in ("gone", "lately"):
            shelf = farm.state / "truth" / name / "labels"
            shelf.mkdir(parents=True)
            (shelf / "a-0.labels").touch()
            leading.ledger.receive(name, Received(files=(file,)), clock())
        kept = clock() - timedelta(hours=3)
        for name, at in (("gone", kept - timedelta(seconds=1)), ("lately", kept)):
            for path in (farm.state / "truth" / name / "labels", farm.state / "truth" / name):
                os.utime(path, (at.timestamp(), at.timestamp()))
        leading.keep()
        assert [path.name for path in (farm.state / "truth").iterdir()] == ["lately"]
        with leading.database.read() as connection:
            found = {name: labels.files(connection, name)[0] for name in ("gone", "lately")}
        assert (found["gone"].is_expired, found["gone"].segments) == (True, ())
        assert (found["lately"].is_expired, found["lately"].segments) == (False, ("a-0.labels",))


def test_labels_of_a_monitor_that_takes_them_stay_however_old_they_are(tmp_path: Path) -> None:
    farm = labelled.farm(tmp_path)
    with serving(farm, START) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        (farm.state / "truth" / "m").mkdir(parents=True, exist_ok=True)
        clock.move(START + timedelta(days=9000))
        leading.keep()
        assert (farm.state / "truth" / "m").is_dir()


def test_occasions_and_reloads_go_when_no_result_is_as_old(farm: Farm) -> None:
    with serving(farm, START) as (service, clock):
        leading, people = service.state.leading, service.site.people
        assert leading is not None
        for kind, hours in (("over", (0, 1)), ("lasting", (0, 9)), ("moment", (0, None)), ("later", (3, None))):
            start, end = (None if one is None else START + one * HOUR for one in hours)
            people.tell(kind, monitor=None, start=start, end=end, why="", key=kind, by="ann")
        service.reload("SIGHUP")
        clock.move(START + REMEMBERED + 3 * HOUR)
        leading.keep()
        assert len(people.occasions(None, None, 9, "").items) == 4, "results are kept for three hours"
        clock.move(START + REMEMBERED + 5 * HOUR)
        service.reload("SIGHUP")
        leading.keep()
        assert {one.kind for one in people.occasions(None, None, 9, "").items} == {"lasting", "later"}
        reloads = [one.at for one in service.site.details.audit(9, "").items if one.who == "SIGHUP"]
        assert reloads == [START + REMEMBERED + 5 * HOUR]
