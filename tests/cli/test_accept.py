"""`driftd accept`: people say what an alarm was, without a daemon and with one."""

import hashlib
from datetime import timedelta
from pathlib import Path

import command
import evidences
import pytest
import streams
from command import Ran
from daemons import HOUR, START, Farm, serving, settled
from web.certificates import certificate

from monitor.store.database import Database
from monitor.store.marks import marks
from monitor.store.words import MarkRow

END = streams.START + timedelta(hours=3)


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    evidences.keep(made, streams.looks(evidences.layout(made), 3))
    return made


def accept(farm: Farm, *more: object) -> Ran:
    return command.driftd("accept", "--config", farm.config, "--monitor", "m", *more)


def said(farm: Farm) -> list[MarkRow]:
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        found = marks(connection, "m")
    database.close()
    return found


def test_without_a_daemon_it_is_written_into_the_store(farm: Farm) -> None:
    first = accept(farm, "--feature", "income", "--as", "expected", "--why", "new prices")
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "m: 'income' has moved for good, and is learned anew from where it moved; for windows that end after "
        "2026-01-05T03:00:00Z\n"
    )
    assert accept(farm, "--as", "noise").out.startswith("m: what is open wanders more than was learned")
    one, other = said(farm)
    assert (one.kind, one.feature, one.why, one.after) == ("expected", "income", "new prices", END)
    assert (other.kind, other.feature, other.why, other.after) == ("noise", None, "", END)
    assert one.who


def test_a_feature_that_the_baseline_does_not_have_is_refused(farm: Farm) -> None:
    ran = accept(farm, "--feature", "incme", "--as", "noise")
    assert (ran.code, ran.err) == (
        2,
        "driftd: monitor 'm': the baseline has no feature 'incme'; did you mean 'income'?\n",
    )
    assert said(farm) == []


def test_what_is_not_there_is_told(farm: Farm, tmp_path: Path) -> None:
    empty = Farm(tmp_path / "empty")
    empty.folder.mkdir()
    empty.baseline()
    empty.write()
    assert "driftd.db: is not there; `driftd run` makes it" in accept(empty, "--as", "noise").err
    assert not empty.state.exists()
    evidences.keep(empty, [])
    assert accept(empty, "--as", "noise").err == (
        "driftd: monitor 'm': no window was judged yet, so there is nothing to say anything of\n"
    )
    assert "'soon' is not one of 'expected', 'noise', 'accepted'" in accept(farm, "--as", "soon").err


TOKENS = """\
  tokens:
    - {{id: ann, sha256: {digest}, scopes: write}}
"""


def configured(farm: Farm, port: int, more: str = "") -> None:
    tokens = TOKENS.format(digest=hashlib.sha256(b"ann's").hexdigest())
    monitor = "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}}"
    farm.config.write_text(f"web:\n  listen: 127.0.0.1:{port}\n{more}{tokens}monitors:\n{monitor}\n")


def test_a_daemon_that_runs_is_told_with_the_token(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    farm.captures("m", START)
    configured(farm, 0)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        configured(farm, int(service.address.rstrip("/").rpartition(":")[2]))
        monkeypatch.delenv("DRIFTD_TOKEN", raising=False)
        assert "DRIFTD_TOKEN is not set" in accept(farm, "--as", "noise").err
        monkeypatch.setenv("DRIFTD_TOKEN", "ann's")
        ran = accept(farm, "--feature", "age", "--as", "accepted", "--why", "known")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.endswith(f"that is told no more; for windows that end after {START + HOUR:%Y-%m-%dT%H:%M:%SZ}\n")
    (mark,) = said(farm)
    assert (mark.kind, mark.feature, mark.why, mark.who) == ("accepted", "age", "known", "token ann from 127.0.0.1")


def test_a_daemon_with_tls_is_told_if_it_shows_its_own_certificate(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    web = farm.folder / "web.yml"
    for name in ("a", "b"):
        certificate(farm.folder, name)
    web.write_text("tls_server_config: {cert_file: a.crt, key_file: a.key}\n")
    farm.captures("m", START)
    configured(farm, 0, "  config: web.yml\n")
    monkeypatch.setenv("DRIFTD_TOKEN", "ann's")
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        port = int(service.address.rstrip("/").rpartition(":")[2])
        configured(farm, port, "  config: other.yml\n")
        (farm.folder / "other.yml").write_text("tls_server_config: {cert_file: b.crt, key_file: b.key}\n")
        refused = accept(farm, "--feature", "age", "--as", "accepted")
        assert f"127.0.0.1:{port} shows another certificate than {farm.folder / 'b.crt'}" in refused.err
        assert said(farm) == []
        configured(farm, port, "  config: web.yml\n")
        ran = accept(farm, "--feature", "age", "--as", "accepted")
        assert (ran.code, ran.err) == (0, "")
    assert [mark.who for mark in said(farm)] == ["token ann from 127.0.0.1"]
