"""Status and configuration: what is wrong stands first, secrets nowhere."""

from dataclasses import replace

from metrics.views import view
from web.memory import Memory, client


def test_a_daemon_that_does_well_says_so() -> None:
    text = client().get("/status").text
    assert "its loop turns" in text
    assert "4 096 bytes" in text
    assert "No window waits." in text


def test_what_is_wrong_is_told() -> None:
    views = (replace(view("behind"), pending=12, trouble="timeout: took too long"), replace(view("off"), enabled=False))
    text = client(Memory(views=views, unhealthy="its loop stands still", unready="starting")).get("/status").text
    assert "Not alive</strong>: its loop stands still" in text
    assert "Not ready</strong>: starting" in text
    assert "12 windows due" in text
    assert "timeout: took too long" in text
    assert "410 gone" in text  # an event that nobody got


def test_the_configuration_is_shown_as_it_is_in_effect() -> None:
    assert "token: (hidden)" in client().get("/config").text
