"""Many windows as pages see them, of a small daemon that is real."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from daemons import HOUR, START, Farm, serving

from monitor.daemon.site import Site

MONITORS = """\
  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 10m}}
  lost: {captures: captures/m, baseline: baselines/none, schedule: {every: 1h, delay: 10m}}
  off: {enabled: false, captures: captures/m, baseline: baselines/other}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Four hours of `m`, the last moved; `lost` has no baseline and has failed once; `off` is paused."""
    farm = Farm(tmp_path_factory.mktemp("farm"))
    farm.baseline()
    farm.write(monitors=MONITORS)
    for hour in range(4):
        farm.captures("m", START + hour * HOUR, moved=hour == 3)
    with serving(farm, START) as (service, clock):
        for hours in (1, 2, 3, 4):
            clock.move(START + hours * HOUR + timedelta(minutes=15))
            service.tick()
            assert service.state.leading is not None
            service.state.leading.dispatcher.wait(60)
        yield service.site


def test_the_last_windows_are_told_of_all_monitors_at_once(site: Site) -> None:
    found = site.past.lately(["m", "lost", "off"], 48)
    statuses = [status for status, _ in found["m"].verdicts]
    assert (len(statuses), statuses[-1], "violated" in statuses[:-1]) == (4, "violated", False)
    assert found["m"].verdicts[-1][1] == len(found["m"].violated) > 0
    assert "income" in {one.feature for one in found["m"].violated}
    assert {status for status, _ in found["lost"].verdicts} == {""}
    assert "off" not in found


def test_the_history_of_a_monitor_has_its_windows_with_what_was_judged(site: Site) -> None:
    found = site.past.history("m", None, 72)
    assert [one.end for one in found.windows] == [START + hour * HOUR for hour in (1, 2, 3, 4)]
    last = found.windows[-1]
    assert last.figures is not None
    assert (last.status, last.state, last.figures.rows, last.late) == ("violated", "done", 300, 0)
    assert (last.baseline.partition("/")[0], last.judged) == ("model", START + 4 * HOUR + timedelta(minutes=15))
    assert "skew" in last.violated["income"]
    assert {score.feature for score in last.figures.scores} >= {"age", "income"}
    assert (found.earlier, found.later) == (None, None)
    assert {one.rule for one in found.findings} >= {"drift", "skew", "volume"}
    assert {row.figures for row in site.past.history("lost", None, 72).windows} == {None}


def test_of_a_long_history_so_many_windows_are_told_and_where_the_others_end(site: Site) -> None:
    found = site.past.history("m", START + 3 * HOUR, 2)
    assert [one.end for one in found.windows] == [START + 2 * HOUR, START + 3 * HOUR]
    assert (found.earlier, found.later) == (START + HOUR, START + 4 * HOUR)
    assert site.past.history("m", START, 2).windows == ()


def test_what_happened_meanwhile_is_told_with_the_windows(site: Site) -> None:
    site.people.tell("deploy", monitor="m", start=START + HOUR, end=None, why="version 8", key="d", by="ann")
    site.people.tell("holiday", monitor=None, start=START + 9 * HOUR, end=None, why="", key="h", by="ann")
    site.mark("m", "noise", "age", "a campaign", "ann")
    (incident,) = site.people.incidents("m", True, 9, "").items
    site.people.mute(incident.id, START + 9 * HOUR, "is being mended", "ann")
    found = {(one.lane, one.start, one.end, one.text, one.key) for one in site.past.history("m", None, 72).happenings}
    now = START + 4 * HOUR + timedelta(minutes=15)
    assert {one for one in found if one[0] != "alarm"} == {
        ("told", START + HOUR, START + HOUR, "deploy: version 8", ""),
        ("said", START + 4 * HOUR, START + 4 * HOUR, "ann called age noise: a campaign", ""),
        ("incident", START + 3 * HOUR, None, incident.why, incident.id),
        ("mute", now, START + 9 * HOUR, "muted by ann: is being mended", incident.id),
    }
    assert {(start, text) for lane, start, _, text, _ in found if lane == "alarm"} == {
        (START + 3 * HOUR, "skew: income")
    }
