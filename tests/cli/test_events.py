"""`driftd events`: what goes on outside is told, listed and withdrawn."""

import json
from pathlib import Path

import command
import pytest
from command import Ran
from daemons import Farm
from opened import keep


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.write()
    keep(made.state).close()
    return made


def events(farm: Farm, verb: str, *more: object) -> Ran:
    return command.driftd("events", verb, *more, "--config", farm.config)


def listed(farm: Farm, *more: object) -> list[dict]:
    return json.loads(events(farm, "list", "--json", *more).out)


def test_what_is_told_is_listed_the_latest_first_until_it_is_withdrawn(farm: Farm) -> None:
    assert events(farm, "list").out == "nothing was told\n"
    told = events(farm, "tell", "holiday", "--start", "2026-04-03", "--for", "4d", "--why", "Easter", "--id", "easter")
    assert (told.code, told.out) == (0, "easter: told\n")
    assert events(farm, "tell", "deploy", "--monitor", "m", "--start", "2026-03-02T09:00:00Z").out == (
        "m:deploy:20260302T090000Z: told\n"
    )
    easter, deploy = listed(farm)
    assert (easter["end"], easter["why"], bool(easter["who"]), easter["monitor"]) == (
        "2026-04-07T00:00:00Z", "Easter", True, None,
    )  # fmt: skip
    assert (deploy["kind"], deploy["end"], deploy["monitor"]) == ("deploy", None, "m")
    assert [one["id"] for one in listed(farm, "--since", "2026-04-05")] == ["easter"]
    assert [one["id"] for one in listed(farm, "--monitor", "m")] == ["easter", deploy["id"]]
    assert events(farm, "list").out.splitlines()[1].split() == [
        "holiday", "2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z", "all", "Easter", easter["who"], "easter",
    ]  # fmt: skip
    assert events(farm, "tell", "holiday", "--start", "2026-04-03", "--end", "2026-04-05", "--id", "easter").code == 0
    assert listed(farm)[0]["end"] == "2026-04-05T00:00:00Z"
    assert events(farm, "withdraw", "easter").out == "easter: withdrawn\n"
    again = events(farm, "withdraw", "easter")
    assert (again.code, again.err) == (
        2, f"driftd: occasion 'easter': unknown; one of {deploy['id']} would be right\n",
    )  # fmt: skip


def test_without_a_start_it_is_now(farm: Farm) -> None:
    assert events(farm, "tell", "outage", "--for", "1h").code == 0
    (one,) = listed(farm)
    assert one["start"] < one["end"]


def test_what_is_none_is_refused(farm: Farm) -> None:
    for more, why in (
        (("Deploy",), "kind 'Deploy': small letters, digits, _ and - would be right: deploy"),
        (("deploy", "--monitor", "n"), "monitor 'n': unknown; one of m would be right"),
        (("deploy", "--for", "1h", "--end", "2999-01-01"), "--for and --end: one of the two would be right"),
        (("deploy", "--end", "2020-01-01"), "end 2020-01-01T00:00:00Z: is not after the start "),
        (("deploy", "--start", "now"), "--start 'now': is not a moment"),
    ):
        ran = events(farm, "tell", *more)
        assert (ran.code, why in ran.err) == (2, True), ran.err
    assert listed(farm) == []
