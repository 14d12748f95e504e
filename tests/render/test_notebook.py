"""A report as a piece of HTML."""

from html.parser import HTMLParser

import pytest
from render import reports

from monitor.render.notebook import MOST_LISTED, html
from monitor.render.sentences import headline

TAGS = {"p", "b", "br", "table", "thead", "tbody", "tr", "th", "td"}


class Reader(HTMLParser):
    """Tags, whether they are closed in order, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert {name for name, _ in attrs} <= {"style"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", reports.ALL)
def test_every_report_is_a_closed_piece_of_plain_tags_and_begins_with_the_verdict(name: str) -> None:
    report = reports.ALL[name]()
    reader = read(html(report))
    assert set(reader.tags) <= TAGS
    assert reader.text.startswith(headline(report))
    assert all(char.isprintable() or char == "\n" for char in reader.text)


def test_what_captures_contain_is_text_and_no_tag() -> None:
    sly = '<script>x()</script>|**`"&'
    report = reports.report(*reports.asked("drift", [reports.moved(591)], [sly]), monitor=sly)
    assert "<script" not in html(report)
    assert sly in read(html(report)).text


def test_violations_stand_worst_first_and_what_broke_is_told_once() -> None:
    text = html(reports.violated())
    assert text.index("<td>Area Code</td><td>missing_column</td>") < text.index("<td>Day Mins</td><td>drift</td>")
    assert text.count("vip broke: 5 features: ZeroDivisionError: division by zero") == 1


def test_a_long_list_is_bounded() -> None:
    many = reports.report(*[reports.asked("drift", [reports.moved(591)], [f"f{i}"])[0] for i in range(80)])
    assert html(many).count("<tr><td>") == MOST_LISTED
    assert "<p>30 findings more</p>" in html(many)


def test_what_is_unknown_is_said_below() -> None:
    text = read(html(reports.too_few())).text
    assert "drift: 5 features unknown (required): too_few_rows" in text
    assert "<table>" not in html(reports.too_few())
