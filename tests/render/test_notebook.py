"""A report as a piece of HTML or Markdown."""

from html.parser import HTMLParser

import pytest
from render import reports

from monitor.render.notebook import html, markdown
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
    assert all(char.isprintable() or char == "\n" for char in reader.text + markdown(report))


def test_what_captures_contain_is_text_and_no_tag() -> None:
    sly = '<script>x()</script>|**`"&'
    report = reports.report(*reports.asked("drift", [reports.moved(591)], [sly]), monitor=sly)
    assert "<script" not in html(report)
    assert sly in read(html(report)).text
    assert "\\<script\\>x\\(\\)\\</script\\>\\|\\*\\*\\`" in markdown(report)


def test_violations_stand_worst_first_then_what_broke_once() -> None:
    rows = [line for line in markdown(reports.violated()).splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == ["VIOLATED"] * (len(rows) - 1) + ["FAILED"]
    assert rows[0].startswith("| VIOLATED | Area Code | missing\\_column | column 'Area Code' is in the baseline")
    assert len({row.count(" | ") for row in rows}) == 1


def test_what_is_unknown_is_said_below() -> None:
    text = read(html(reports.too_few())).text
    assert "drift: 5 features unknown (required): too_few_rows" in text
    assert "<table>" not in html(reports.too_few())
    assert "- drift: 5 features unknown" in markdown(reports.too_few())
