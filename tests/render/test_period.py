"""A period on a page, in Markdown and as JSON: the same words and figures, and nothing that captures may do."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import periods
import pytest
from ledgers import HOUR, ZERO, window
from periods import EMOJI, END, NASTY
from render.pages import everything
from render.reports import ALL, ok
from render.test_html import Reader, plain

import monitor
from monitor.daemon.periods import period as read
from monitor.document import from_document
from monitor.finding import Finding, Status
from monitor.incident import Incident
from monitor.period import Answer, Deed, Due, Period
from monitor.render import period as words
from monitor.render import sentences
from monitor.render.json import report_document
from monitor.render.period_html import FEW_ROWS, page, rows
from monitor.render.period_json import period_document, period_json
from monitor.render.period_markdown import period_markdown
from monitor.window import Window

SCHEMA = json.loads((Path(monitor.__file__).parent / "schemas" / "period.schema.json").read_text())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Period:
    database = periods.keep(tmp_path_factory.mktemp("state"))
    with database.read() as connection:
        made = read(connection, "churn", ZERO, END)
    database.close()
    return made


def answered(status: Status) -> Answer:
    return Answer(status=status)


def empty() -> Period:
    return Period(monitor="m", start=ZERO, end=END)


def test_one_sentence_says_what_became_of_every_window(found: Period) -> None:
    assert words.headline(found) == (
        "Of 12 windows due, 4 VIOLATED, 1 UNKNOWN (too_few_rows 1), 4 OK, 1 given up without a verdict (memory 1), "
        "1 left out by the bounds of catch-up (expired 1) and 1 still to be judged; "
        f"{found.judged} of {found.asked} findings judged ({100 * found.judged / found.asked:.3g} %)"
    )
    assert words.headline(empty()) == "No window was due in this time"
    assert words.headline(replace(empty(), due=found.due[11:])).endswith("1 still to be judged; nothing was asked")


def test_the_words_of_what_was_violated_are_those_of_the_windows_reports(found: Period) -> None:
    text = Reader(page(found)).text
    for report in periods.WINDOWS:
        for finding in report.violations if report is not None else ():
            assert plain(sentences.about(finding)) in text
    worst = [one.worst for one in found.violations]
    reports = [report_document(report) for report in periods.WINDOWS if report is not None]
    documents = [row for report in reports for row in report["findings"]]
    for finding in worst:
        assert period_document(found)["violations"][worst.index(finding)]["worst"]["finding"] in documents
        assert plain(sentences.what(finding)) in text
        assert plain(sentences.measured(finding)) in text


def test_since_when_how_often_and_whether_it_is_over_is_told(found: Period) -> None:
    by_rule = {(one.rule, one.feature): one for one in found.violations}
    drift = by_rule["drift", "Day Mins"]
    assert (words.often(drift), words.since(drift)) == ("2 of 7 windows", "Monday 2026-01-05 04:00")
    assert words.until(drift, found) == "last in the window to 2026-01-05 06:00"
    gone = by_rule["missing_column", "Area Code"]
    assert words.until(gone, found) == "last in the window to 2026-01-05 06:00, not answered since"
    assert words.until(by_rule["model_quality", "auc"], found) == "still so in the last window"


def test_every_part_of_a_period_is_on_the_page(found: Period) -> None:
    text = Reader(page(found)).text
    for told in (
        "Of 12 windows due", "15 879 captures, 15 800 rows, 79 rejected: not_json 69, too_deep 10",
        "shape: Day Mins moved",
        "acknowledged as true by ann on 2026-01-05 06:10: a new tariff", "labels for 60 of 600 predictions",
        "churn-training, version 4", "sha256:ba5e4", "sha256:c0f2", "deploy", "model 8", "marked as noise", "410 gone",
        "given up without a verdict: memory: took more than 1 GiB", "Every window (12)", "sha256:f00d9",
    ):  # fmt: skip
        assert told in text, told


def test_why_something_is_unknown_is_told(found: Period) -> None:
    text = Reader(page(found)).text.split("What could not be judged")[1]
    assert "too_few_rows, " in text
    assert "truth_missing, labels for 60 of 600 predictions: 10 % and 30 % are needed" in text
    assert "Day Mins, Eve Mins, Night Mins, Intl Mins and 1 more" in text
    assert "\nCould not be judged:\n" in period_markdown(found)
    assert [one["reason"] for one in period_document(found)["unanswered"]] == [one.reason for one in found.unanswered]


def test_a_period_without_windows_is_told_as_one() -> None:
    text = Reader(page(empty())).text
    assert "No window was due in this time" in text
    assert "None in this time" in text
    assert "for no window was judged" in text
    assert period_markdown(empty()).startswith("### UNKNOWN: No window was due in this time\n")


def test_time_that_no_window_covers_is_told(found: Period) -> None:
    some = [found.due[number] for number in (2, 3, 6)]
    late = replace(found, due=some)
    gaps = words.gaps(late)
    assert gaps == [
        Window(start=ZERO, end=ZERO + 2 * HOUR),
        Window(start=ZERO + 4 * HOUR, end=ZERO + 6 * HOUR),
        Window(start=ZERO + 7 * HOUR, end=END),
    ]
    assert ("no window", "for 9 hours of it, the first from 2026-01-05 00:00 to 2026-01-05 02:00") in words.facts(late)
    assert words.gaps(found) == []
    begun = replace(found, start=ZERO - timedelta(minutes=20), end=END + timedelta(minutes=20))
    assert words.gaps(begun) == []


def test_features_that_were_ok_throughout_leave_the_map_to_the_others() -> None:
    due = [Due(window=window(0), state="done", status=Status.OK)]
    calm = {f"f{n}": [answered(Status.OK)] for n in range(30)}
    one = Period(monitor="m", start=ZERO, end=END, due=due, features={**calm, "bad": [answered(Status.VIOLATED)]})
    drawn, left = rows(one)
    assert [row.name for row in drawn][:3] == ["the window", "bad", "f0"]
    assert len(drawn) == FEW_ROWS + 1
    assert left == "23 features more, OK in every window."
    unsure = replace(one, features={f"f{n}": [answered(Status.UNKNOWN)] for n in range(100)})
    assert rows(unsure)[1] == "40 features more: --form json has them all."


def test_nothing_on_the_page_is_fetched_or_run(found: Period) -> None:
    text = page(found)
    tags = {tag for tag, _ in Reader(text).elements}
    names = {name for _, attributes in Reader(text).elements for name in attributes}
    assert not re.search(r"(?i)https?:|//|@import|javascript:|src\s*=(?!x onerror)", text.replace("img-src data:", ""))
    assert not {"script", "link", "iframe", "img", "base", "form", "object", "embed"} & tags
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "action", "xlink:href")}
    assert set(re.findall(r"url\([^)]*\)", text)) <= {"url(#hatch)", "url(#heat-unknown)", "url(#heat-failed)"}
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text


def test_names_from_captures_stay_text(found: Period) -> None:
    assert NASTY not in page(found)
    assert "<img" not in page(found)
    assert len(page(found)) < 60_000
    assert EMOJI not in page(found)
    assert "`</script><img sr…error=alert(1)>`" in period_markdown(found)


def test_the_same_period_gives_the_same_bytes(found: Period) -> None:
    assert page(found) == page(found)
    assert period_json(found) == period_json(found)


def test_json_keeps_to_its_schema_and_has_every_window_and_feature(found: Period) -> None:
    document = json.loads(period_json(found))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator, format_checker=checker)
    jsonschema.validate(json.loads(period_json(empty())), SCHEMA, jsonschema.Draft202012Validator)
    assert document["headline"] == words.headline(found)
    assert len(document["windows"]) == 12
    assert {len(answers) for answers in document["features"].values()} == {12}
    assert {NASTY, EMOJI} < set(document["features"])
    assert document["verdicts"] == {"dead": 1, "ok": 4, "pending": 1, "skipped": 1, "unknown": 1, "violated": 4}
    assert document["coverage"] == {"judged": found.judged, "asked": found.asked}


def test_markdown_has_the_words_of_the_page(found: Period) -> None:
    text = period_markdown(found)
    assert text.startswith("### VIOLATED: ")
    assert words.headline(found) in text
    for title in ("Violated", "Model quality", "Judged by", "What people did", "Messages that never arrived"):
        assert f"\n{title}:\n" in text
    assert "**Incident `churn:1`: shape**: `Day Mins moved`" in text
    assert len({line.count("|") for line in text.split("Violated:")[1].split("\n\n")[1].splitlines()}) == 1


def test_markdown_says_nothing_where_nobody_said_why(found: Period) -> None:
    text = period_markdown(replace(found, deeds=[Deed(at=END, kind="config.loaded", about="a → b", who="ops")]))
    assert "| configuration loaded | `a → b` | `ops` |  |" in text


def test_a_period_of_a_thousand_windows_and_fifty_features_is_bounded(found: Period) -> None:
    answers = [answered(Status.UNKNOWN if n % 3 else Status.OK) for n in range(1500)]
    due = [replace(found.due[0], window=window(n)) for n in range(1500)]
    wide = replace(found, end=window(1500).end, due=due, features={f"feature {n}": answers for n in range(50)})
    text = page(wide)
    assert len(text) < 700_000
    assert "500 earlier windows more: --form json has them all." in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "open since Monday 2026-01-05 04:00 (2 hours by the last window)"),
        ({"resolved": ZERO + 8 * HOUR}, "over; fired from 2026-01-05 04:00 to 2026-01-05 06:00 (2 hours)"),
    ],
)
def test_the_life_of_an_incident_is_told(changes: dict, told: str) -> None:
    one: Incident = replace(periods.INCIDENT, mute=None, **changes)
    assert words.life(one, END) == told
    assert words.answered(replace(one, acknowledged=None)) == "nobody answered"
    muted = replace(periods.INCIDENT, acknowledged=None)
    assert words.life(muted, ZERO + 7 * HOUR).endswith("; muted until 2026-01-05 09:00")


def test_what_changed_is_the_last_of_two_versions(found: Period) -> None:
    assert words.changes(found.baselines) == [(ZERO + 9 * HOUR, "churn-training, version 4")]
    assert report_document(ok())["baseline"]["version"] == "3"


def test_a_finding_read_back_from_report_json_has_the_same_words() -> None:
    reports = [everything()[0], *(make() for make in ALL.values())]
    found = [finding for report in reports for finding in report.findings]
    again = [from_document(Finding, row) for report in reports for row in report_document(report)["findings"]]
    assert len(found) > 100
    for one, other in zip(found, again, strict=True):
        for told in (sentences.what, sentences.measured, sentences.limit, sentences.rows, sentences.about):
            assert told(other) == told(one), one
