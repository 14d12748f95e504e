import random
import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest

from monitor.finding import Status
from monitor.render.heatmap import MOST_COLUMNS, PITCH, Mark, Row, heatmap, mark, worst
from monitor.render.timeaxis import LEFT, RIGHT
from monitor.window import Window

START, HOUR = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1)
NASTY = "</script><img src=x onerror=alert(1)>"
SVG = "{http://www.w3.org/2000/svg}"


def hours(*numbers):
    return [Window(start=START + number * HOUR, end=START + (number + 1) * HOUR) for number in numbers]


def drawn(rows, windows, many=10, **others):
    text = heatmap(windows, rows, Window(start=START, end=START + many * HOUR), **others)
    return ElementTree.fromstring(str(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def strokes(svg, kind):
    """Where cells of a kind stand: row, and from where to where as hours of ten."""
    hour = (RIGHT - LEFT) / 10
    cells = []
    for path in svg.findall(f"{SVG}path[@class='{kind}']"):
        for x, y, width in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path.get("d")):
            cells.append((int(float(y) / PITCH), round((float(x) - LEFT) / hour, 1), round(float(width) / hour, 1)))
    return cells


def test_a_cell_stands_where_its_window_lies_and_neighbours_that_are_alike_are_one() -> None:
    ok, bad = Mark.OK, Mark.VIOLATED
    svg = drawn([Row(name="a", marks=[ok, ok, bad]), Row(name="b", marks=[ok, ok, ok])], hours(0, 1, 2))
    assert strokes(svg, "ok")[:2] == [(0, 0.0, 2.0), (1, 0.0, 3.0)]
    assert strokes(svg, "violated")[0] == (0, 2.0, 1.0)


def test_what_nobody_judged_is_a_gap() -> None:
    svg = drawn([Row(name="a", marks=[Mark.OK] * 4)], hours(0, 1, 5, 6))
    assert strokes(svg, "ok")[:2] == [(0, 0.0, 2.0), (0, 5.0, 2.0)]
    none = drawn([Row(name="a", marks=[Mark.OK, Mark.NONE, Mark.OK])], hours(0, 1, 2))
    assert strokes(none, "ok")[:2] == [(0, 0.0, 1.0), (0, 2.0, 1.0)]


def test_windows_that_overlap_begin_where_the_one_before_ends() -> None:
    windows = [Window(start=START, end=START + (number + 3) * HOUR) for number in range(3)]
    svg = drawn([Row(name="a", marks=[Mark.OK, Mark.NEAR, Mark.VIOLATED])], windows)
    assert [strokes(svg, kind)[0] for kind in ("ok", "near", "violated")] == [
        (0, 0.0, 3.0), (0, 3.0, 1.0), (0, 4.0, 1.0),
    ]  # fmt: skip


def test_unknown_is_hatched_and_never_looks_like_ok() -> None:
    svg = drawn([Row(name="a", marks=[Mark.UNKNOWN, Mark.FAILED])], hours(0, 1), key="mine")
    (unknown, *_) = svg.findall(f"{SVG}path[@class='unknown']")
    assert unknown.get("stroke") == "url(#mine-unknown)"
    assert [one.get("id") for one in svg.iter(f"{SVG}pattern")] == ["mine-unknown", "mine-failed"]
    assert svg.findall(f"{SVG}path[@class='ok']") == []
    assert [text.text for text in svg.findall(f"{SVG}text")][-2:] == ["UNKNOWN", "a check broke"]


def test_names_stay_text_and_lead_where_they_should() -> None:
    rows = [Row(name=NASTY, marks=[Mark.OK], href="/a?b=<c>"), Row(name="\U0001f600" * 2500, marks=[Mark.OK])]
    text = heatmap(hours(0), rows, Window(start=START, end=START + HOUR), links=['/w"1'])
    svg = drawn(rows, hours(0), links=['/w"1'])
    assert [one.get("href") for one in svg.iter(f"{SVG}a")] == ["/a?b=<c>", '/w"1']
    assert next(one.text for one in svg.iter(f"{SVG}title")) == NASTY
    assert "<img" not in text
    assert len(text) < 3000
    assert (svg.get("role"), drawn([], []).get("role")) == ("group", "img")


def test_a_template_with_escaping_leaves_it_as_it_is() -> None:
    from jinja2 import Environment

    found = heatmap(hours(0), [Row(name="a", marks=[Mark.OK])], Window(start=START, end=START + HOUR))
    assert Environment(autoescape=True).from_string("{{ found }}").render(found=found) == found


def test_of_more_windows_than_can_be_told_apart_a_column_shows_the_worst() -> None:
    windows = hours(*range(MOST_COLUMNS * 4))
    marks = [Mark.OK] * len(windows)
    marks[5], marks[9] = Mark.UNKNOWN, Mark.VIOLATED
    svg = drawn([Row(name="a", marks=marks)], windows, len(windows))
    titles = [one.text for one in svg.iter(f"{SVG}title")][1:]
    assert len(titles) == MOST_COLUMNS
    assert titles[0] == "2026-01-05 00:00 to 2026-01-05 04:00 UTC, 4 windows, the worst of them"
    assert len(strokes(svg, "unknown")) == len(strokes(svg, "violated")) == 2  # with the legend's


def test_fifty_rows_of_a_thousand_windows_take_less_than_150_kb_at_worst() -> None:
    draw, kinds = random.Random(1), [*Mark]
    windows = hours(*range(300), *range(340, 1040))
    rows = [Row(name=f"feature {i}", marks=draw.choices(kinds, k=1000)) for i in range(50)]
    assert len(heatmap(windows, rows, Window(start=START, end=windows[-1].end))) < 150_000
    calm = [Row(name=f"feature {i}", marks=[Mark.OK] * 1000) for i in range(50)]
    assert len(heatmap(windows, calm, Window(start=START, end=windows[-1].end))) < 50_000


@pytest.mark.parametrize(
    ("status", "reached", "told"),
    [
        (Status.OK, None, Mark.OK),
        (Status.OK, 0.49, Mark.OK),
        (Status.OK, 0.5, Mark.NEAR),
        (Status.VIOLATED, 0.2, Mark.VIOLATED),
        (Status.VIOLATED, 2.0, Mark.FAR),
        (Status.UNKNOWN, 3.0, Mark.UNKNOWN),
        (Status.FAILED, None, Mark.FAILED),
        (Status.SKIPPED, None, Mark.NONE),
    ],
)
def test_an_answer_has_a_mark(status: Status, reached: float | None, told: Mark) -> None:
    assert mark(status, reached) is told


def test_the_worst_is_what_matters_most() -> None:
    assert worst([Mark.OK, Mark.NONE, Mark.UNKNOWN]) is Mark.UNKNOWN
    assert worst([Mark.UNKNOWN, Mark.FAILED, Mark.VIOLATED]) is Mark.VIOLATED


def test_there_may_be_nothing_to_draw() -> None:
    assert drawn([], []).get("aria-label") == "0 rows, from 2026-01-05 00:00 to 2026-01-05 10:00 UTC"
