"""Each page of one thing in a real browser, on a daemon whose data have drifted and whose names are hostile."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from browser import Browser, browser
from walking import Walk, faults
from web.pages.farmed import EMOJI, WRITER, Judged, judged

NAMES = (
    "features", "numbers", "categories", "hostile", "window", "incidents", "incident", "baselines", "versions",
    "config", "audit", "status",
)  # fmt: skip
PHONE = 390
MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with judged(tmp_path_factory.mktemp("farm")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


def test_there_are_as_many_pages_as_are_opened(daemon: Judged) -> None:
    assert set(daemon.pages) == set(NAMES)


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_word_on_the_console(
    daemon: Judged, chromium: Browser, name: str, is_dark: bool
) -> None:
    """A word there is an error of a script, a file that is missing, or a report of what the rules forbid."""
    chromium.open(f"{daemon.url}{daemon.pages[name]}", width=PHONE if is_dark else 1280, dark=is_dark)
    assert chromium.complaints == []
    assert chromium.value("document.querySelectorAll('main h1').length") == 1
    assert chromium.value("document.documentElement.scrollWidth <= window.innerWidth")
    assert chromium.value("document.documentElement.outerHTML.length") < MOST_BYTES
    assert all(one.startswith((daemon.url, "data:")) for one in chromium.requests)


@pytest.mark.parametrize("name", ["hostile", "categories", "window", "incident", "versions"])
def test_hostile_names_and_values_are_text_and_no_elements(daemon: Judged, chromium: Browser, name: str) -> None:
    chromium.open(f"{daemon.url}{daemon.pages[name]}")
    assert chromium.value("document.images.length") == 0
    assert chromium.value("[...document.querySelectorAll('*')].some(e => e.hasAttribute('onerror'))") is False
    text = chromium.value("document.body.textContent")
    assert EMOJI not in text  # it is cut to its place
    if name == "hostile":
        assert "</script><img src=x onerror=alert(1)>" in chromium.value("document.querySelector('h1').textContent")


def test_hostile_names_are_text_on_every_page_that_links_lead_to(daemon: Judged, chromium: Browser) -> None:
    walk = Walk(f"{daemon.url}/", most=5)
    for address in walk.pages(chromium):
        assert chromium.complaints == [], address
        assert chromium.value("document.images.length") == 0, address
        assert chromium.value("[...document.querySelectorAll('*')].some(e => e.hasAttribute('onerror'))") is False
        assert EMOJI not in chromium.value("document.body.textContent"), address
        assert faults(chromium) == [], address
    assert len(walk.opened["/monitors/MONITOR/feature?name"]) > 3


def test_every_link_of_the_pages_leads_somewhere(daemon: Judged, chromium: Browser) -> None:
    found: set[str] = set()
    for name in NAMES:
        chromium.open(f"{daemon.url}{daemon.pages[name]}")
        links: list[str] = chromium.value("[...document.querySelectorAll('a')].map(a => a.href.baseVal ?? a.href)")
        found |= {chromium.value(f"new URL({link!r}, location).href").partition("#")[0] for link in links}
    codes = {link: chromium.fetched(link) for link in sorted(found) if not link.endswith("/sign-in")}
    assert {link for link, code in codes.items() if code != 200} == set()
    assert len(codes) > 50


def test_somebody_with_a_token_acknowledges_by_the_form(daemon: Judged, chromium: Browser) -> None:
    credentials = base64.b64encode(f"me:{WRITER}".encode()).decode()
    chromium.call("Network.setExtraHTTPHeaders", headers={"Authorization": f"Basic {credentials}"})
    chromium.open(f"{daemon.url}{daemon.pages['incident']}")
    chromium.value("document.querySelector('#why-acknowledge').value = 'a campaign'")
    chromium.submitted("form[action$='acknowledge']")
    assert "called a fault" in chromium.value("document.querySelector('.verdict').textContent")
    assert "a campaign" in chromium.value("document.body.textContent")
    people: Any = daemon.service.site.people
    assert people.incident(daemon.incident).acknowledged.who.startswith("token ops")
    chromium.call("Network.setExtraHTTPHeaders", headers={})
