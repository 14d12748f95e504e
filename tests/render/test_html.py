import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from render.pages import everything, judged, quiet, without_profiles
from render.reports import ALL, HOSTILE, asked, moved, report

import monitor.render
from monitor.batch import Sample
from monitor.finding import Status, at_most, failed, unknown
from monitor.profile import Profile
from monitor.render import sentences
from monitor.render.cards import MOST_CARDS, MOST_LISTED, MOST_PICTURES
from monitor.render.html import page
from monitor.render.json import report_json
from monitor.report import Inputs, Origin
from monitor.testing import profile

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style></title></svg><iframe src=http://evil.example>",
    "&lt;b&gt;&#60;u&#62;",
    "\x00\x1b[2J\r\n\u202egpj.exe\u2066",
    "]]><!--",
)


class Reader(HTMLParser):
    """Elements with their attributes in order, and the texts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.within = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.within.append(tag)

    def handle_data(self, data):
        if "style" not in self.within[-1:]:
            self.words.append(data)

    def handle_endtag(self, tag):
        self.within = self.within[: len(self.within) - 1 - self.within[::-1].index(tag)]

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def bare(name):
    return page(*without_profiles(ALL[name]()))


def shape(text):
    """Every element with the names of its attributes, and the values of those that are no words or places."""
    told = ("class", "id", "href", "style", "src", "content", "name", "charset", "http-equiv", "lang", "role", "open")
    return [(tag, tuple(a), tuple(a.get(key) for key in told)) for tag, a in Reader(text).elements]


def plain(text):
    return re.sub(r"\s+", " ", text).replace(" -> ", " → ")


@pytest.mark.parametrize("name", ALL)
def test_every_report_has_a_page_that_begins_with_its_verdict(name):
    found = Reader(bare(name))
    headings = [tag for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert plain(sentences.headline(ALL[name]())) in found.text
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert f'<div class="verdict {ALL[name]().status.value}"><h1>' in bare(name)


@pytest.mark.parametrize("name", ALL)
def test_a_page_is_whole_and_in_english(name):
    text = bare(name)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert text.endswith("</html>\n")
    tags = Counter(re.findall(r"<(/?[a-z][a-z0-9]*)", text))
    void = {"meta", "path", "br"}
    assert [tag for tag in tags if tag[0] != "/" and tag not in void and tags[tag] != tags[f"/{tag}"]] == []


@pytest.mark.parametrize("make", [everything, quiet])
def test_nothing_on_a_page_is_fetched_or_run(make):
    text = page(*make())
    found = Reader(text)
    names = {name for _, attributes in found.elements for name in attributes}
    assert not re.search(r"(?i)https?:|//|@import|javascript:|data:(?!;)|src\s*=", text.replace("img-src data:", ""))
    assert set(re.findall(r"url\([^)]*\)", text)) <= {"url(#hatch)"}
    assert not {"script", "link", "iframe", "img", "base", "form", "object", "embed"} & {t for t, _ in found.elements}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "action", "xlink:href")}
    links = [attributes["href"] for _, attributes in found.elements if "href" in attributes]
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert all(link[0] == "#" and link[1:] in ids for link in links)
    assert len(ids) == len(set(ids))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text


def hostile(texts, reason, path):
    """A report in which texts from outside stand wherever they can, all of one structure."""
    names = dict(enumerate(texts))
    rng = np.random.default_rng(1)
    numbers = rng.normal(50, 10, 300).round(1)
    cities = [names[i % 4] for i in range(300)]
    base = {names[0]: numbers, names[1]: cities, names[2]: numbers}
    now = {names[0]: numbers + 40, names[1]: [names[4 + i % 4] for i in range(300)], names[2]: numbers}
    found, now, base = judged(now, base)
    more = (
        *asked(names[3], [at_most(3, 2, why=names[4])], [None]),
        *asked(names[5], [failed(names[6])], [names[7]]),
        *asked(names[6], [at_most(3, 2, why=names[0])], [names[5]]),
    )
    found = replace(
        found,
        findings=(*found.findings, *(replace(f, severity=names[2]) for f in more)),
        monitor=names[0],
        baseline=Origin(name=names[1], version=names[2], digest=names[3], constraints=names[4]),
        inputs=Inputs(records=9, rows=300, rejected={reason: 7}, digest=names[5]),
        config_digest=names[6],
    )
    rejects = [Sample(path=path, line=1, reason=reason, why=names[7], shape=names[0])]
    return page(found, now, base, rejects)


def test_texts_from_outside_make_no_element_and_no_attribute():
    harmless = tuple(f"name {i}" for i in range(8))
    found = hostile(NASTY, NASTY[1], NASTY[4])
    assert shape(found) == shape(hostile(harmless, harmless[1], harmless[4]))
    for text in NASTY[:6]:
        assert text[:12] in Reader(found).text
    assert "49" not in re.findall(r"\d+", Reader(found).text.split("Violated")[0])


def test_what_does_not_print_is_shown_as_an_escape():
    found = hostile(NASTY, HOSTILE, HOSTILE)
    assert all(char.isprintable() or char == "\n" for char in found)
    assert r"\x1b[2J" in found
    assert r"\u202e" in found


@pytest.mark.parametrize("name", ["a" * 1_000_000, "\x00" * 1_000_000, "<" * 1_000_000, "\ud800" * 1_000_000])
def test_a_text_of_a_million_characters_is_cut(name):
    found = report(
        *asked(name, [moved(700), failed(name)], [name, None]), monitor=name, inputs=Inputs(rejected={name: 1})
    )
    text = page(found, Profile(), Profile(), [Sample(path=name, line=1, reason=name, why=name, shape=name)])
    assert len(text.encode("utf-8")) < 40_000


def test_surrogates_and_wide_signs_can_be_written_as_utf8():
    names = ("名前" * 40, "\U0001f600", "e\u0301" * 9, "مرحبا", "\ue000", "\u3000", "\xa0", " ")
    found = hostile(names, "\udc80", "\udc80")
    assert found.encode("utf-8")
    assert r"\udc80" in found


def test_the_page_has_the_figures_of_report_json():
    found, now, base = everything()
    text = Reader(page(found, now, base)).text
    document = json.loads(report_json(found))
    pairs = [p for p in zip(found.findings, document["findings"], strict=True) if p[1]["status"] == "violated"]
    assert len(pairs) > 15
    for finding, written in pairs:
        again = replace(
            finding, **{key: written[key] for key in ("value", "low", "high", "threshold", "n_now", "n_base")}
        )
        for words in (sentences.what(again), sentences.measured(again), sentences.limit(again), sentences.rows(again)):
            assert plain(words) in text
        if finding.estimate is not None:
            assert f"{plain(sentences.measured(again))} , {sentences.limit(again)}" in text


UNITS = {"%": 0.01, "x": 1.0, "sd": 1.0, "": 1.0}


def written(text):
    """The numbers of a cell as the page writes them, each with half of its last digit, in the unit of report.json."""
    unit = next((sign for sign in ("%", "x", "sd") if sign in text), "")
    found = []
    for digits in re.findall(r"[-+]?\d[\d ]*(?:\.\d+)?(?:e[-+]\d+)?", text):
        plain_number = digits.replace(" ", "").replace("+", "")
        mantissa, _, power = plain_number.partition("e")
        half = 0.5 * 10 ** (int(power or 0) - len(mantissa.partition(".")[2]))
        half = max(half, 0.0005 * abs(float(plain_number))) if abs(float(plain_number)) >= 100 else half
        found.append((float(plain_number) * UNITS[unit], half * UNITS[unit] * 1.001))
    return found


def test_the_numbers_read_out_of_the_page_are_those_of_report_json():
    found, now, base = everything()
    document = json.loads(report_json(found))
    known = {(row["rule"], row["feature"] or "(whole window)"): row for row in document["findings"]}
    assert len(known) > 80
    text = page(found, now, base)
    checked = 0
    for group in re.findall(r"<details><summary>(\w+): .*?</table>", text, re.DOTALL):
        part = text.split(f"<details><summary>{group}: ")[1].split("</table>")[0]
        for row in re.findall(r"<tr><td>([A-Z]+)</td><td><bdi>(.*?)</bdi></td><td>.*?</td>(.*?)</tr>", part):
            status, feature, cells = row
            finding = known.pop((group, feature))
            measured, limit, rows = re.findall(r"<td>(.*?)</td>", cells)
            assert status == finding["status"].upper()
            told = [*written(measured), *written(limit), *written(rows)]
            keys = ["value", "low", "high"] if "[" in measured else ["value"]
            keys = [*keys, "threshold"] if measured else []
            keys += ["n_now"] if rows else []
            keys += ["n_base"] if "against" in rows else []
            assert len(told) == len(keys), row
            for (number, half), key in zip(told, keys, strict=True):
                assert abs(number - finding[key]) <= half, (row, key, finding[key])
                checked += 1
    assert known == {}
    assert checked > 300
    inputs = document["inputs"]
    assert f"{inputs['records']} captures, {inputs['rows']} rows" in Reader(text).text
    coverage = document["coverage"]
    assert f"of {coverage['judged']} judged findings are violated" in Reader(text).text


def test_every_violated_feature_has_a_card_with_its_picture_worst_first():
    found, now, base = everything()
    text = page(found, now, base)
    order = re.findall(r"<h3><bdi>(.*?)</bdi>", text)
    assert set(order) == {f.feature for f in found.violations if f.feature is not None}
    worst = {name: max(sentences.beyond(f) for f in found.violations if f.feature == name) for name in order}
    assert [worst[name] for name in order] == sorted(worst.values(), reverse=True)
    cards = text.split('<section class="card"')[1:]
    assert all("<figure>" in card and ">missing</text>" in card for card in cards)
    assert all("now, 700 rows" in card and "baseline, 3 000 rows" in card for card in cards)


def test_every_picture_has_missing_and_its_numbers_in_a_table():
    text = page(*quiet())
    pictures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert len(pictures) == 12
    for one in pictures:
        assert ">missing</text>" in one
        assert re.search(r"<td>missing</td><td>[\d.]+ %</td><td>[\d.]+ %</td>", one)


def test_the_commonest_unseen_values_are_named():
    assert "Never seen before: Atlantis 112." in page(*everything())


def test_every_finding_is_listed_by_rule():
    found, now, base = everything()
    text = page(found, now, base)
    listed = Counter(re.findall(r"<tr><td>([A-Z]+)</td><td><bdi>", text))
    assert listed == Counter(f.status.value.upper() for f in found.findings)


def test_what_is_violated_by_the_window_has_a_plain_card():
    text = bare("violated").split("Checks that broke")[0]
    gone = page(*without_profiles(report(*asked("volume", [at_most(9, 2, why="9 rows")], [None]))))
    assert "Violated by the window as a whole" not in text
    assert "Violated by the window as a whole" in gone
    assert "<figure>" not in gone


def test_a_rule_that_broke_for_many_features_is_told_once():
    text = bare("violated")
    assert text.count("ZeroDivisionError: division by zero") == 1 + 5  # and in the list of every finding
    assert "<strong>vip</strong>, <bdi>5 features</bdi>" in text


def test_unknown_is_open_where_it_is_the_verdict_and_says_which_rows_would_do():
    text = bare("too_few")
    assert re.search(r'<details class="fold" open><summary>UNKNOWN 9</summary>', text)
    assert "rows would do (40 read)" in text
    assert '<details class="fold"><summary>OK 1</summary>' in text


def test_how_many_rows_would_do_is_told_beside_the_verdict():
    text = Reader(bare("too_few")).text
    needed = max(f.rows_needed for f in ALL["too_few"]().findings if f.rule == "drift" and f.rows_needed)
    assert f"to judge it {needed} rows in a window would do" in text
    assert "40 captures, 40 rows" in text.split("Findings")[0]
    assert "to judge it" not in Reader(bare("ok")).text


def test_an_empty_report_says_that_nothing_was_read():
    text = Reader(bare("empty")).text
    assert "nothing could be judged (no_data)" in text
    assert "undated" in text
    assert "driftd report" in text


def test_a_window_without_rows_shows_the_baseline_alone():
    found, now, base = judged({name: [] for name in ("a", "b")}, {"a": [1, 2, 3] * 50, "b": ["x", "y"] * 75})
    assert found.status is Status.UNKNOWN
    text = page(found, now, base)
    assert "now, 0 rows" in text
    assert text.count("<figure>") == 2


def test_a_column_that_is_gone_is_shown_as_missing():
    base = profile({"a": [1, 2, 3] * 50, "gone": [1.5, 2.5, None] * 50})
    found, now, base = judged({"a": [1, 2, 3] * 50}, base)
    text = page(found, now, base)
    assert "<h3><bdi>gone</bdi>" in text
    assert re.search(r"<td>missing</td><td>100 %</td><td>33.3 %</td>", text)


def test_a_feature_on_one_side_only_has_no_picture_and_breaks_nothing():
    found = report(*asked("extra_column", [at_most(1, 0, why="column 'b' has 3 values")], ["b"]))
    known = profile({"a": [1, 2]})
    assert "<figure>" not in page(found, Profile(), known)
    assert "<figure>" not in page(found, profile({"b": [1]}), known)
    assert "<h3><bdi>b</bdi>" in page(found, known, Profile())


def test_what_was_rejected_is_told_by_reason_with_samples():
    found = report(inputs=Inputs(records=9, rows=2, rejected={"not_json": 3, "too_deep": 4}, digest="sha256:f00d"))
    rejects = [
        Sample(path="a/b.jsonl", line=3, reason="not_json", why="no object", shape='{"aaa": 00'),
        Sample(path="c.jsonl", line=4, reason="too_deep"),
    ]
    text = Reader(page(found, Profile(), Profile(), rejects)).text
    assert text.index("4 too_deep") < text.index("3 not_json")
    assert 'a/b.jsonl:3 : not_json (no object) {"aaa": 00' in text
    assert "c.jsonl:4 : too_deep " in text
    assert "letters as a" in text
    assert "letters as a" not in page(found, Profile(), Profile(), rejects[1:])
    assert page(found, Profile(), Profile(), rejects[::-1]) == page(found, Profile(), Profile(), rejects)
    assert "sha256:f00d" in text


def test_the_baseline_is_named_with_version_and_digests():
    text = Reader(bare("violated")).text
    for words in (
        "churn-training, version 3",
        "sha256:ba5e",
        "sha256:c0de",
        "2026-01-01 00:00 to 01:00 UTC",
        "sha256:c0f1",
    ):
        assert words in text


@pytest.mark.parametrize("make", [everything, quiet])
def test_the_same_report_has_the_same_bytes(make):
    assert page(*make()) == page(*make())


def wide(features, *, changed):
    """A report of many features of every kind, made of copies."""
    found, now, base = everything() if changed else quiet()
    names = list(base.features)
    sides = [
        replace(
            side,
            features={
                f"{names[i % 12]} {i}": replace(side.features[names[i % 12]], name=f"{names[i % 12]} {i}")
                for i in range(features)
            },
        )
        for side in (now, base)
    ]
    copies = [
        replace(f, feature=name)
        for name in sides[0].features
        for f in found.findings
        if f.feature == name.rsplit(" ", 1)[0]
    ]
    return replace(found, findings=(*copies, *(f for f in found.findings if f.feature is None))), *sides


@pytest.mark.parametrize("changed", [False, True])
def test_a_page_of_fifty_features_stays_below_300_kb_with_everything_in(changed):
    text = page(*wide(50, changed=changed))
    assert len(re.findall("<figure>", text)) == 50
    assert " more: " not in text
    assert len(text.encode()) < 300_000


@pytest.mark.parametrize("changed", [False, True])
def test_a_page_of_five_thousand_features_is_bounded_and_says_what_it_leaves_out(changed):
    found, now, base = wide(5000, changed=changed)
    text = page(found, now, base)
    assert len(text.encode()) < 1_000_000
    violated = len({f.feature for f in found.violations} - {None})
    left = [count for count in (violated - MOST_CARDS, len(found.findings) - MOST_LISTED) if count > 0]
    assert left
    for many in left:
        assert f"{many:,}".replace(",", " ") + " " in Reader(text).text
    assert "more: report.json, beside this file, has them all." in text
    assert len(re.findall("<figure>", text)) <= MOST_CARDS + MOST_PICTURES


def test_reasons_that_all_differ_are_bounded_too():
    whys = [f"{i} {'<' * 400}" for i in range(3000)]
    names = [f"f{i}" for i in range(3000)]
    found = report(
        *asked("own", [unknown("odd", why) for why in whys], names),
        *asked("other", [failed(why) for why in whys], names),
        inputs=Inputs(rejected=dict.fromkeys(names, 1)),
    )
    text = page(found, Profile(), Profile())
    assert len(text.encode()) < 2_500_000
    assert "2 900 lines more: report.json, beside this file, has them all." in Reader(text).text


def test_no_value_is_marked_as_safe_and_every_one_is_escaped():
    folder = Path(monitor.render.__file__).parent
    code = "".join(path.read_text() for path in (*folder.glob("*.py"), *folder.glob("*.j2")))
    assert not re.search(r"\|\s*safe|Markup|autoescape\s+false|autoescape=False", code)
