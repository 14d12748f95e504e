import json
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from render.pages import everything
from render.reports import ALL, HOSTILE, asked, moved, report, violated

from monitor.finding import at_most, failed, unknown
from monitor.render import sentences
from monitor.render.json import report_json
from monitor.render.markdown import MOST_LISTED, code, markdown, text
from monitor.report import Inputs, Origin

NASTY = (
    "a|b",
    "`` ` ```",
    "[here](https://evil.example)",
    "![x](//evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "@everyone",
    "#123 GH-45 owner/repo#6",
    "https://evil.example www.evil.example",
    "a\n\n# b\r\n- c",
    "**bold** _em_ ~~gone~~",
    "&lt;script&gt;",
    ":boom:",
    "$$x$$",
    "\\",
    HOSTILE,
    "\ud800",
)


def rendered(words):
    """What a reader of Markdown makes of it (rich brings one); no code, since words that are harmless need none."""
    html = MarkdownIt("commonmark").enable("table").render(words)
    return [tag for tag in re.findall(r"<[^>]*>", html) if "code" not in tag]


def outside_code(line):
    """What is left of a line without its code spans."""
    return re.sub(r"`[^`]*`", "", line)


def table(words):
    """The rows of the table, as cells."""
    rows = [line for line in words.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("name", ALL)
def test_every_report_begins_with_its_verdict_as_a_heading(name):
    first = markdown(ALL[name]()).splitlines()[0]
    assert first.startswith("### ")
    assert ALL[name]().status.value.upper() in first
    assert markdown(ALL[name]()).endswith("\n")


def test_the_violated_findings_are_a_table_worst_first_with_the_figures_of_report_json():
    found, *_ = everything()
    header, ruler, *rows = table(markdown(found))
    written = [f for f in json.loads(report_json(found))["findings"] if f["status"] == "violated"]
    assert header == ["feature", "rule", "what was seen", "measured [from, to]", "limit", "rows"]
    assert set(ruler) == {"---"}
    assert len(rows) == len(written) == len(found.violations)
    known = {(f.feature, f.rule): f for f in found.violations}
    for document in written:
        keys = ("value", "low", "high", "threshold", "n_now", "n_base", "why")
        finding = replace(known[document["feature"], document["rule"]], **{key: document[key] for key in keys})
        cells = [sentences.measured(finding), sentences.limit(finding), sentences.rows(finding)]
        assert [code(finding.feature), code(finding.rule), code(sentences.what(finding)), *cells] in rows
    assert rows[0][0] in ("`far`", "`constant`")


def test_what_broke_and_what_is_unknown_is_told_once():
    words = markdown(violated())
    assert words.count("ZeroDivisionError") == 1
    assert "- `vip`, `5 features`: `ZeroDivisionError: division by zero`" in words
    assert "rows would do" in markdown(ALL["too_few"]())


@pytest.mark.parametrize("nasty", NASTY)
def test_texts_from_outside_are_code_and_nothing_else(nasty):
    found = report(
        *asked(nasty, [moved(700), failed(nasty), unknown(nasty, nasty)], [nasty, None, nasty]),
        *asked("extra_column", [at_most(1, 0, why=nasty)], [nasty]),
        monitor=nasty,
        baseline=Origin(name=nasty, version=nasty, digest=nasty, constraints=nasty),
        inputs=Inputs(rejected={nasty: 3}),
    )
    words = markdown(found)
    harmless = markdown(
        report(
            *asked("name", [moved(700), failed("name"), unknown("name", "name")], ["name", None, "name"]),
            *asked("extra_column", [at_most(1, 0, why="name")], ["name"]),
            monitor="name",
            baseline=Origin(name="name", version="name", digest="name", constraints="name"),
            inputs=Inputs(rejected={"name": 3}),
        )
    )
    assert rendered(words) == rendered(harmless)
    assert [len(row) for row in table(words)] == [6, 6, 6, 6]
    for line in words.splitlines():
        assert line.count("`") % 2 == 0
        left = outside_code(line)
        assert not re.search(r"[<>@#&$~*!\\]|\]\(|//|www\.|:\w", left.removeprefix("### ")), line
    assert words.encode("utf-8")


@pytest.mark.parametrize(
    "words", ["GH-12", "see a1b2c3d4", "WWW.evil.example", "user@host", "a/b#1", "x: y:z", "*a*", "a`b", "", "_a_"]
)
def test_words_that_could_mean_something_become_code(words):
    assert text(words) == code(words)
    assert text(words).startswith("`")


def test_plain_words_stay_plain():
    for words in ("VIOLATED: 2 of 480 judged findings are violated", "2026-01-05 09:00 to 09:59:54 UTC", "mean_shift"):
        assert text(words) == words


def test_a_long_table_is_cut_and_says_so():
    found = report(*asked("extra_column", [at_most(1, 0, why="new")] * 60, [f"f{i}" for i in range(60)]))
    words = markdown(found)
    assert len(table(words)) == 2 + MOST_LISTED
    assert "10 findings more: report.json has them all." in words


def test_names_of_a_million_characters_are_cut():
    assert len(markdown(report(*asked("a" * 1_000_000, [moved(700)], ["|" * 1_000_000])))) < 5000


def test_the_same_report_has_the_same_text():
    assert markdown(violated()) == markdown(violated())
