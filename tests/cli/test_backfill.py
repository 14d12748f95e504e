"""`driftd backfill`, without a daemon and with one."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import command
import pytest
from daemons import HOUR, START, Farm, serving, settled

TOKENS = """\
  tokens:
    - {{id: ann, sha256: {write}, scopes: write}}
    - {{id: bob, sha256: {read}, scopes: read}}
"""
SCHEDULE = "{every: 1h, delay: 0s, catchup: {max_windows: 1}}"
MONITOR = f"  m: {{captures: captures/m, baseline: baselines/model, schedule: {SCHEDULE}}}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def configured(farm: Farm, port: int) -> None:
    tokens = TOKENS.format(write=digest("ann's"), read=digest("bob's"))
    farm.config.write_text(f"web:\n  listen: 127.0.0.1:{port}\n{tokens}monitors:\n{MONITOR}\n")


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.captures("m")
    configured(made, 0)
    return made


@pytest.fixture
def daemon(farm: Farm) -> Iterator[Farm]:
    """With a daemon that runs, and its port in the configuration as the command reads it."""
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        configured(farm, int(service.address.rstrip("/").rpartition(":")[2]))
        yield farm
        service.state.leading.dispatcher.wait(60)  # type: ignore[union-attr]
        (row,) = service.site.windows("m", 5, "").items
        (farm.folder / "revision").write_text(str(row.revision))


def backfill(farm: Farm, *, monitor: str = "m", start: str = "2026-03-02T09:00:00Z", end: str = "2026-03-02T10:00:00Z"):  # type: ignore[no-untyped-def]
    return command.driftd("backfill", "--config", farm.config, "--monitor", monitor, "--start", start, "--end", end)


def test_without_a_daemon_the_windows_are_judged_here(farm: Farm) -> None:
    ran = backfill(farm)
    assert (ran.code, ran.out) == (0, "m: 1 windows: 1 ok\n")
    assert (farm.state / "reports" / "m" / "20260302T090000Z_20260302T100000Z_r1" / "report.json").exists()


def test_a_daemon_that_runs_is_asked_with_the_token(daemon: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTD_TOKEN", "ann's")
    ran = backfill(daemon)
    assert (ran.code, ran.out) == (0, "m: 1 windows will be judged by the daemon that runs\n")


def test_without_the_token_or_with_a_wrong_one_it_says_what_is_missing(
    daemon: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRIFTD_TOKEN", raising=False)
    ran = backfill(daemon)
    assert ran.code == 2
    assert ran.err == (
        "driftd: a daemon holds the store, and DRIFTD_TOKEN is not set; "
        "set it to a token of web.tokens with scope write\n"
    )
    for token, code in (("bob's", 403), ("nobody's", 401)):
        monkeypatch.setenv("DRIFTD_TOKEN", token)
        ran = backfill(daemon)
        assert ran.code == 2
        assert f"refused ({code}): " in ran.err
        assert token not in ran.err


def test_a_daemon_that_does_not_answer_is_told(daemon: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTD_TOKEN", "ann's")
    configured(daemon, 1)
    ran = backfill(daemon)
    assert ran.code == 2
    assert "a daemon holds the store, and does not answer at 127.0.0.1:1: " in ran.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"monitor": "x"}, "has no monitor 'x'; one of m would be right\n"),
        ({"start": "soon"}, "driftd: --start 'soon': is not a moment; a time with its zone would be right: 2026-01"),
        ({"end": "2026-03-01"}, "driftd: --end '2026-03-01': is not after --start '2026-03-02T09:00:00Z'\n"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_touched(farm: Farm, given: dict[str, str], said: str) -> None:
    ran = backfill(farm, **given)
    assert ran.code == 2
    assert said in ran.err
    assert not farm.state.exists()
