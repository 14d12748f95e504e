"""The report's page in a real browser: it asks for nothing, complains of nothing, and fits where it is read."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import command
import numpy as np
import periods
import pytest
from browser import Browser, browser
from periods import EMOJI, NASTY
from render.pages import everything, judged
from render.reports import POLICY, followed

from monitor.daemon.periods import period as period_of
from monitor.render.html import page
from monitor.render.period_html import page as period_page
from monitor.showcase.churn import TRAINING, captures

OVERLAPS = """
[...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  return texts.flatMap(([a, p], i) => texts.slice(i + 1)
    .filter(([b, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
                     && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4)
    .map(([b, q]) => a + ' | ' + b));
})
"""
CUT = """
[...document.querySelectorAll('svg')].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(t => {
    const p = t.getBoundingClientRect();
    return p.left < box.left - 1 || p.right > box.right + 1 || p.bottom > box.bottom + 1;
  }).map(t => t.textContent);
})
"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture(scope="module")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about the window with planted faults."""
    folder = tmp_path_factory.mktemp("churn")
    captures(folder / "captures", datetime(2026, 1, 5, 9, tzinfo=UTC), faulty=True)
    command.driftd("baseline", "make", TRAINING, "--out", folder / "baselines" / "churn")
    command.driftd(
        "check", folder / "captures", "--baseline", folder / "baselines" / "churn", "--out", folder / "report"
    )
    return folder / "report" / "report.html"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a picture of every kind."""
    path = tmp_path_factory.mktemp("moved") / "report.html"
    path.write_text(page(*everything()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page about features that are followed over windows, in bands of every size."""
    shares = [(0.45, 0.55, 0.6), (0.0, 0.00012, 0.00042), (0.9993, 1.0, 0.999), (0.1, 0.9, 0.5), (0.5, 0.5001, 0.99)]
    one = POLICY["bands"][0]
    bands = [
        {**one, "feature": f"f{i}", "least": a, "most": b, "centre": (a + b) / 2, "now": now, "evidence": i / 2}
        for i, (a, b, now) in enumerate(shares)
    ]
    drift = followed().findings[-1]
    findings = tuple(
        replace(drift, feature=f"f{i}", value=now - (a + b) / 2, low=now - (a + b) / 2, high=0.01 + now - (a + b) / 2)
        for i, (a, b, now) in enumerate(shares)
    )
    report, now, base = everything()
    report = replace(report, findings=(*report.findings, *findings), policy={**POLICY, "bands": bands})
    path = tmp_path_factory.mktemp("watched") / "report.html"
    path.write_text(page(report, now, base), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page about features and categories whose names mean ill, or are very long."""
    draw = np.random.default_rng(1)
    numbers = draw.normal(50, 10, 600).round(1)
    base = {NASTY: numbers, "city": ["a", EMOJI] * 300, EMOJI: numbers}
    now = {NASTY: numbers + 40, "city": [EMOJI, EMOJI[:-1]] * 300, EMOJI: numbers + 40}
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    path.write_text(page(*judged(now, base, monitor=NASTY)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def period(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about a period with a little of everything."""
    folder = tmp_path_factory.mktemp("period")
    database = periods.keep(folder / "state")
    with database.read() as connection:
        found = period_of(connection, "churn", periods.ZERO, periods.END)
    database.close()
    path = folder / "period.html"
    path.write_text(period_page(found), encoding="utf-8")
    return path


def pictured(shown: Browser) -> str:
    """What is to be seen, from top to bottom, as a PNG."""
    shown.value(OPEN_ALL)
    height = shown.value("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": 1100, "height": min(height, 6000), "scale": 1}
    picture: str = shown.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
    return picture


@pytest.mark.parametrize("which", ["churn", "moved", "watched", "period"])
def test_a_page_gives_the_same_picture_twice(shown: Browser, which: str, request: pytest.FixtureRequest) -> None:
    pictures = []
    for _ in range(2):
        shown.show(request.getfixturevalue(which))
        pictures.append(pictured(shown))
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) > 20_000
    shown.value("document.querySelector('h1').textContent += '.'")
    assert pictured(shown) != pictures[0]


@pytest.mark.parametrize("which", ["hostile", "period"])
@pytest.mark.parametrize("width", [380, 1100])
def test_names_that_mean_ill_stay_text_and_break_no_page(
    shown: Browser, which: str, width: int, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    shown.show(path, width=width)
    shown.value(OPEN_ALL)
    assert shown.requests == [path.as_uri()]
    assert shown.complaints == []
    assert shown.value(FITS)
    assert shown.value(OVERLAPS) == []
    assert shown.value(CUT) == []
    assert shown.value("document.querySelectorAll('img, script').length") == 0
    assert shown.value("document.body.textContent.includes('</script><im')")
    tallest = "Math.max(...[...document.querySelectorAll('td, dd, li, h1, h3')].map(e => e.clientHeight))"
    assert shown.value(tallest) < 1000
    assert path.stat().st_size < 150_000


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [380, 1100])
def test_the_page_of_a_period_asks_for_nothing_and_fits(shown: Browser, period: Path, width: int, dark: bool) -> None:
    shown.show(period, width=width, dark=dark)
    assert (shown.requests, shown.complaints) == ([period.as_uri()], [])
    assert shown.value("document.querySelector('h1').innerText").startswith("Of 12 windows due, 4 VIOLATED")
    assert shown.value(FITS)
    kinds = ("ok", "violated", "far", "unknown", "failed")
    strokes = [f"getComputedStyle(document.querySelector('.heat path.{kind}')).stroke" for kind in kinds]
    assert len({shown.value(stroke) for stroke in strokes}) == len(kinds)
    assert 'url("#heat-unknown")' in shown.value(strokes[3])


def test_a_period_prints_with_all_that_is_open(shown: Browser, period: Path) -> None:
    shown.show(period)
    shown.call("Emulation.setEmulatedMedia", media="print")
    shown.call("Emulation.setDeviceMetricsOverride", width=720, height=1000, deviceScaleFactor=1, mobile=False)
    shown.value(OPEN_ALL)
    hidden = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert shown.value(hidden) == 0
    assert shown.value(FITS)
    paper = base64.b64decode(shown.call("Page.printToPDF", printBackground=False)["data"])
    assert 2 <= paper.count(b"/Type /Page\n") <= 6
    shown.call("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [380, 800, 1100])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits(
    shown: Browser, churn: Path, width: int, dark: bool
) -> None:
    shown.show(churn, width=width, dark=dark)
    assert shown.requests == [churn.as_uri()]
    assert shown.complaints == []
    assert shown.value("window.innerWidth") == width
    assert shown.value(FITS)
    assert shown.value(f"{OPEN_ALL}; {FITS}")
    assert shown.complaints == []
    assert shown.value("document.querySelector('h1').innerText").startswith("VIOLATED: 3 of 489 judged findings")


def test_a_page_that_asks_or_complains_would_be_noticed(shown: Browser, churn: Path, tmp_path: Path) -> None:
    text = churn.read_text()
    tag = text[text.index('<meta http-equiv="Content-Security-Policy"') :].split("\n")[0]
    guilty = text.replace("</body>", "<script>console.error('here')</script><img src='beside.png'></body>")
    guarded, open_page = tmp_path / "guarded.html", tmp_path / "open.html"
    guarded.write_text(guilty)
    open_page.write_text(guilty.replace(tag, "").replace("<main>", "<main style='width: 2000px'>"))
    shown.show(guarded)
    assert len(shown.complaints) >= 2  # the policy lets neither run nor load
    assert all("Content Security Policy" in complaint for complaint in shown.complaints)
    shown.show(open_page)
    assert (tmp_path / "beside.png").as_uri() in shown.requests
    assert any("here" in complaint for complaint in shown.complaints)
    assert not shown.value(FITS)


@pytest.mark.parametrize("which", ["churn", "moved", "watched"])
@pytest.mark.parametrize("width", [380, 1100])
def test_no_two_labels_of_a_picture_lie_on_each_other_and_none_is_cut(
    shown: Browser, which: str, width: int, request: pytest.FixtureRequest
) -> None:
    shown.show(request.getfixturevalue(which), width=width)
    shown.value(OPEN_ALL)
    assert shown.value(FITS)
    assert shown.value("document.querySelectorAll('svg text').length") > 100
    assert shown.value(OVERLAPS) == []
    assert shown.value(CUT) == []


def test_a_band_is_filled_and_its_middle_and_the_share_now_stand_on_it(shown: Browser, watched: Path) -> None:
    for dark in (False, True):
        shown.show(watched, dark=dark)
        shown.value(OPEN_ALL)
        assert shown.value("document.querySelectorAll('svg.band').length") == 10
        order = "[...document.querySelector('svg.band').querySelectorAll('path')].map(p => p.getAttribute('class'))"
        assert shown.value(f"{order}.join('')") == "bnd"
        colours = [f"getComputedStyle(document.querySelector('.band .{which}')).{of}" for which, of in
                   (("b", "fill"), ("n", "fill"), ("d", "stroke"))]  # fmt: skip
        assert len({shown.value(colour) for colour in colours}) == 3


def test_light_and_dark_have_their_own_colours_and_now_is_told_by_its_pattern(shown: Browser, churn: Path) -> None:
    colours = []
    for dark in (False, True):
        shown.show(churn, dark=dark)
        colours.append(shown.value("getComputedStyle(document.body).backgroundColor"))
        assert 'url("#hatch")' in shown.value("getComputedStyle(document.querySelector('figure .n')).fill")
        assert "url" not in shown.value("getComputedStyle(document.querySelector('figure .b')).fill")
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]


def test_everything_folded_can_be_reached_and_opened_by_keyboard(shown: Browser, churn: Path) -> None:
    shown.show(churn)
    assert shown.value("[...document.querySelectorAll('summary')].every(s => s.tabIndex === 0)")
    shown.value("document.querySelector('.fold > summary').focus()")
    for kind in ("keyDown", "keyUp"):
        shown.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
    assert shown.value("document.querySelector('.fold').open")


def test_it_prints_on_a_few_pages(shown: Browser, churn: Path) -> None:
    shown.show(churn)
    paper = base64.b64decode(shown.call("Page.printToPDF", printBackground=False)["data"])
    assert paper.startswith(b"%PDF")
    assert 1 <= paper.count(b"/Type /Page\n") <= 4
