"""The pages in a browser: nothing is blocked, nothing is complained of, charts are drawn, the list follows what is
typed."""

from collections.abc import Iterator

import pytest
from browser import Browser, browser
from metrics.views import figures, view
from web.memory import Memory
from web.pages.test_layout import hostile

from monitor.web.options import WebOptions
from monitor.web.server import Server

NAMES = ("calm", "churn", "credit")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


def served(daemon: Memory) -> Iterator[str]:
    server = Server(WebOptions(listen="127.0.0.1:0", prefix="/driftd"))
    server.start(daemon)
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    yield from served(Memory(views=tuple(view(name, ("age", "zip"), figures=figures("age", "zip")) for name in NAMES)))


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """The same where every name was made up by somebody else."""
    yield from served(hostile())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "monitors/churn"])
def test_a_page_loads_without_a_complaint_and_fits(
    chromium: Browser, web: str, foreign: str, path: str, width: int, dark: bool
) -> None:
    for root in (web, foreign):
        chromium.open(f"{root}{path}", width=width, dark=dark)
        assert chromium.complaints == []
        assert {address.split("/")[2] for address in chromium.requests} == {root.split("/")[2]}
        assert chromium.value("document.documentElement.scrollWidth <= innerWidth")
        assert chromium.value("document.querySelectorAll('main img').length") == 0


def test_charts_are_drawn_over_the_columns_and_say_what_is_pointed_at(chromium: Browser, web: str) -> None:
    chromium.open(f"{web}monitors/churn", width=1280)
    assert chromium.value("document.querySelectorAll('.plot canvas').length") == 3
    same = "Math.abs(document.querySelector('.plot').clientWidth - document.querySelector('.plot canvas').clientWidth)"
    assert chromium.value(same) <= 1
    box = chromium.value("(() => { const b = document.querySelectorAll('.plot')[2].getBoundingClientRect();"
                         " scrollTo(0, b.top - 200); return [b.right - 4, 210] })()")  # fmt: skip
    chromium.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1] + 20)
    assert chromium.becomes(
        "[...document.querySelectorAll('output')].map(o => o.textContent)[2]", "2026-01-02 02:00: 990 rows"
    )


def test_the_list_follows_what_is_typed_and_the_address_says_so(chromium: Browser, web: str) -> None:
    chromium.open(web, width=1280)
    chromium.value("(() => { const t = document.querySelector('#text'); t.focus(); t.value = 'c'; })()")
    chromium.call("Input.insertText", text="al")
    assert chromium.becomes(
        "[...document.querySelectorAll('th[scope=row]')].map(r => r.innerText.split('\\n')[0]).join()", "calm"
    )
    assert chromium.becomes("location.search.includes('text=cal')", True)
    assert chromium.complaints == []
