from datetime import UTC, datetime
from pathlib import Path

import pytest
from config.files import CHURN, loaded

from monitor.config.upcoming import lines, never
from monitor.errors import ConfigError

NOW = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)


def told(folder: Path, schedule: str) -> list[str]:
    return list(lines(loaded(folder, f"monitors: {{m: {{{CHURN}, schedule: {schedule}}}}}").monitors["m"], NOW))


def test_the_next_three_windows_are_told_with_when_they_are_judged(tmp_path: Path) -> None:
    assert told(tmp_path, "1h") == [
        "  m: 2026-11-26 19:00Z to 2026-11-26 20:00Z, judged 2026-11-26 20:10Z",
        "     2026-11-26 20:00Z to 2026-11-26 21:00Z, judged 2026-11-26 21:10Z",
        "     2026-11-26 21:00Z to 2026-11-26 22:00Z, judged 2026-11-26 22:10Z",
    ]


def test_a_zone_and_an_offset_are_seen(tmp_path: Path) -> None:
    found = told(tmp_path, "{cron: 0 6 * * 1-5, timezone: Europe/Berlin, window: [-P2D, -P1D], delay: 90s}")
    assert found[0] == (
        "  m: 2026-11-25 05:00Z to 2026-11-26 05:00Z, judged 2026-11-27 05:01:30Z "
        "(2026-11-25 06:00 to 2026-11-26 06:00 Europe/Berlin)"
    )
    assert [line[26:37] for line in found] == ["2026-11-26 ", "2026-11-29 ", "2026-11-30 "]


def test_now_has_no_next_window_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path, "NOW") == ["  m: one window, up to the moment of the first start"]


def test_a_schedule_that_is_over_or_far_ahead_is_told_at_its_line(tmp_path: Path) -> None:
    text = (
        f"monitors:\n  a: {{{CHURN}, schedule: 'cron(0 0 1 1 ? 2020)'}}\n"
        f"  b: {{{CHURN}, schedule: {{start: 2090-01-01}}}}\n  c: {{{CHURN}, schedule: NOW}}\n"
        f"  d: {{{CHURN}, schedule: {{start: 2027-01-01}}}}\n  e: {{{CHURN}, schedule: 'cron(0 0 1 1 ? 2040)'}}\n"
    )
    config = loaded(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        never(config, tmp_path / "driftd.yaml", NOW)
    what = "no window ends in the next 5 years"
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        f"driftd.yaml:2: monitors.a.schedule: {what}; a schedule that comes again would be right, such as 1h",
        f"driftd.yaml:3: monitors.b.schedule.start: {what}; an earlier moment would be right",
        f"driftd.yaml:6: monitors.e.schedule: {what}; a schedule that comes again would be right, such as 1h",
    ]
