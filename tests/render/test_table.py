import re
from dataclasses import replace
from pathlib import Path

import pytest
from render.reports import ALL, asked, empty, hostile, mean_of, moved, ok, report, too_few, violated, volume
from rich.cells import cell_len

from monitor.finding import Status, at_most, failed, unknown
from monitor.render.table import table

GOLDEN = Path(__file__).parents[1] / "golden" / "table"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def cases():
    return [path.stem.rsplit("_", 1) for path in sorted(GOLDEN.glob("*.txt"))]


def places(text, *parts):
    found = [text.index(part) for part in parts]
    return found == sorted(found)


def test_there_are_six_golden_tables():
    assert len(cases()) == 6


@pytest.mark.parametrize(("name", "width"), cases())
def test_the_table_is_the_golden_one(name, width):
    assert table(ALL[name](), width=int(width)) == (GOLDEN / f"{name}_{width}.txt").read_text()


@pytest.mark.parametrize("all_findings", [False, True])
@pytest.mark.parametrize("width", [40, 80, 99, 100, 120, 160, 250])
@pytest.mark.parametrize("name", ALL)
def test_no_line_is_wider_than_asked_for_or_ends_in_spaces(name, width, all_findings):
    lines = table(ALL[name](), width=width, all_findings=all_findings).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("name", ALL)
def test_every_report_ends_with_one_newline(name):
    assert re.search(r"[^\n]\n\Z", table(ALL[name]()))


@pytest.mark.parametrize("width", [80, 160])
def test_findings_stand_worst_first(width):
    text = table(violated(), width=width)
    assert places(text, "missing_column", "refunds", "0.60 sd", "0.52 sd", "4.1 %", "FAILED")


def test_a_share_fits_between_its_bounds_on_one_line():
    for width in (80, 100, 120, 160):
        text = table(violated(), width=width)
        for figure in ("3.9x [3.3, 4.6],", "0.52 sd [0.40, 0.64],", "+10 % [+6.8, +13.3],", "against 2 333"):
            assert figure in text


def test_what_was_seen_is_never_squeezed_by_long_names():
    long = report(*asked("a_rule_with_a_name_of_32_letters", [moved(700)], ["a feature with a name of 32 signs"[:32]]))
    assert "rows above 1: 20 % -> 35 %\n" in table(long, width=120)
    assert "rows above 1: 20 % -> 35 %  " in table(long, width=160)


def test_only_violated_and_failed_are_listed_unless_all_are_asked_for():
    some, every = table(too_few(), width=160), table(too_few(), width=160, all_findings=True)
    assert "measured [from, to]" not in some
    listed = [line.split()[0] for line in every.split("\n") if re.match(r"[A-Z]+  ", line)]
    assert listed == ["UNKNOWN"] * 9 + ["OK"]


def test_all_findings_lists_each_one():
    findings = violated().findings
    every = table(violated(), width=160, all_findings=True)
    for status in Status:
        listed = len(re.findall(rf"^{status.upper()}  ", every, re.MULTILINE))
        assert listed == sum(f.status is status for f in findings)


def test_a_rule_that_broke_alike_for_many_features_is_told_once():
    alike = asked("vip", [failed("KeyError: 'x'")] * 5)
    other = asked("vip", [failed("KeyError: 'y'")], ["age"])
    text = table(report(*volume(), *alike, *other), width=160)
    assert len(re.findall("^FAILED  ", text, re.MULTILINE)) == 2
    assert "5 features" in text


def test_hostile_names_reach_the_terminal_as_text_only():
    for width in (80, 160):
        for everything in (False, True):
            text = table(hostile(), width=width, all_findings=everything)
            assert all(char.isprintable() or char == "\n" for char in text)
            assert "[red]bold[/red]" in text
            assert "begin" in text
            assert "…" in text
            assert "x" * 200 not in text.replace("\n", "")
            text.encode()


def test_there_are_no_escapes_unless_color_is_asked_for(monkeypatch):
    for name, value in (
        ("FORCE_COLOR", "1"),
        ("TTY_COMPATIBLE", "1"),
        ("COLUMNS", "20"),
        ("TERM", "dumb"),
        ("JUPYTER_LINES", "9"),
    ):
        monkeypatch.setenv(name, value)
    plain, colored = table(violated(), width=140), table(violated(), width=140, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31mVIOLATED" in colored
    bare = "\n".join(line.rstrip() for line in ANSI.sub("", colored).split("\n"))
    assert bare == plain == (GOLDEN / "violated_140.txt").read_text()


def test_the_same_report_gives_the_same_table():
    assert table(violated()) == table(violated()) == table(violated(), width=120)


def test_the_legend_tells_only_what_occurs():
    assert "standard deviation" not in table(empty())
    assert "[from, to]" not in table(ok())
    facts = table(report(*asked("duplicates", [at_most(0.05, 0.01, why="5 % of 100 records repeat an id")], [None])))
    assert "0.05,\nlimit 0.01" in re.sub(" {2,}", "", facts).replace("  ", "")
    assert "where the true figure lies" not in facts


def test_the_worst_feature_says_what_would_have_been_noticed():
    one = asked("mean_shift", [mean_of(0.0, 5000), mean_of(0.0, 1000)], ["a", "b"])
    assert "a and b OK; the smallest shift that would have been noticed is 0.37 sd" in table(report(*one))


def test_a_group_of_unknowns_tells_the_most_rows_needed():
    many, few = asked("mean_shift", [mean_of(0.0, 40), mean_of(0.1, 20)], ["a", "b"])
    text = table(report(replace(many, rows_needed=1200), replace(few, rows_needed=300)))
    assert "a and b unknown: too_few_rows, 1 200 rows would do (40 read)" in text


def test_wide_letters_have_the_room_they_need():
    assert "名前名前名前" in table(report(*asked("drift", [moved(700)], ["名前名前名前"])), width=160)


def test_color_is_the_callers_choice_alone(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31mVIOLATED" in table(violated(), color=True)


def test_reasons_of_one_rule_stand_on_lines_of_their_own():
    found = [unknown("no_data", "no row was read"), unknown("column_missing", "no row has this column")]
    text = table(report(*asked("drift", found, ["a", "b"])))
    assert "a unknown (required): no_data, no row was read\n" in text
    assert "b unknown (required): column_missing, no row has this column\n" in text
