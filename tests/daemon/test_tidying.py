"""What is old goes, what is shown stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, serving, settled

from monitor.store import queries

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
