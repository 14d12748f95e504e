"""`driftd incident`: listed and shown beside a daemon; what people say goes into the store, or to the daemon."""

import json
from pathlib import Path

import command
import pytest
from command import Ran
from daemons import Farm
from opened import INCIDENT, OVER, keep


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.write()
    keep(made.state, INCIDENT, OVER, told=True).close()
    return made


def incident(farm: Farm, verb: str, *more: object) -> Ran:
    return command.driftd("incident", verb, *more, "--config", farm.config)


def state(farm: Farm, key: str = INCIDENT.id) -> dict:
    return json.loads(incident(farm, "show", key, "--json").out)


def test_open_ones_are_listed_and_all_where_that_is_asked(farm: Farm) -> None:
    listed = incident(farm, "list", "--monitor", "m")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.splitlines()[1].split() == [
        INCIDENT.id, "notified", "page", "schema", "2026-03-02T09:00:00Z", "ann", "income",
    ]  # fmt: skip
    assert OVER.id not in listed.out
    assert [row["id"] for row in json.loads(incident(farm, "list", "--all", "--json").out)] == [INCIDENT.id, OVER.id]
    assert "has no monitor 'n'; name one of m" in incident(farm, "list", "--monitor", "n").err


def test_where_there_is_none_that_is_said(tmp_path: Path) -> None:
    farm = Farm(tmp_path)
    farm.write()
    assert "driftd.db: is not there; `driftd run` makes it" in incident(farm, "list").err
    keep(farm.state).close()
    assert incident(farm, "list").out == "no open incidents\n"
    assert incident(farm, "list", "--all").out == "no incidents\n"
    assert json.loads(incident(farm, "list", "--json").out) == []


def test_one_is_shown_in_full(farm: Farm) -> None:
    shown = incident(farm, "show", INCIDENT.id)
    assert shown.code == 0
    assert shown.out.startswith(f"{INCIDENT.id}: notified, page, schema: column income is gone\n")
    assert "by missing_column of income" in shown.out
    assert "ops: dead" in shown.out
    near = incident(farm, "show", INCIDENT.id[:-1])
    assert (near.code, near.err) == (
        2, f"driftd: incident {INCIDENT.id[:-1]!r}: unknown; did you mean {INCIDENT.id!r}?\n",
    )  # fmt: skip


def test_without_a_daemon_a_verdict_is_written_into_the_store(farm: Farm) -> None:
    said = incident(farm, "ack", INCIDENT.id, "--as", "expected", "--why", "a campaign")
    assert (said.code, said.out, said.err) == (0, f"{INCIDENT.id}: acknowledged as expected\n", "")
    word = state(farm)["acknowledged"]
    assert (word["verdict"], word["why"], bool(word["who"])) == ("expected", "a campaign", True)
    assert (
        "'maybe' is not one of 'true', 'false', 'expected'" in incident(farm, "ack", INCIDENT.id, "--as", "maybe").err
    )


def test_a_mute_has_an_end_and_a_reason(farm: Farm) -> None:
    until = incident(farm, "mute", INCIDENT.id, "--until", "2999-01-01", "--why", "is being mended")
    assert until.out == f"{INCIDENT.id}: muted until 2999-01-01T00:00:00Z\n"
    assert state(farm)["incident"]["state"] == "muted"
    assert incident(farm, "mute", INCIDENT.id, "--for", "8h", "--why", "x").code == 0
    assert state(farm)["incident"]["muted_until"] < "2999"
    for more, why in (
        ((), "--for and --until: one of the two would be right, such as --for 8h"),
        (("--for", "8h", "--until", "2999-01-01"), "--for and --until: one of the two would be right"),
        (("--for", "soon"), "--for 'soon': is not a duration"),
        (("--until", "2020-01-01"), "muted until 2020-01-01 00:00:00+00:00, which is past; after "),
    ):
        ran = incident(farm, "mute", INCIDENT.id, "--why", "x", *more)
        assert (ran.code, why in ran.err) == (2, True), ran.err
    assert "Missing option '--why'" in incident(farm, "mute", INCIDENT.id, "--for", "8h").err
    assert "is over since" in incident(farm, "mute", OVER.id, "--for", "8h", "--why", "x").err
    assert "unknown; one of" in incident(farm, "mute", "x", "--for", "8h", "--why", "x").err
