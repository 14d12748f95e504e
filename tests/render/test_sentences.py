from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from render.reports import asked, empty, mean_of, moved, ok, report, too_few, violated, volume

from monitor.estimate import share, share_ratio
from monitor.feature import Share
from monitor.finding import Finding, Status, at_least, at_most, failed, skip, unknown
from monitor.render.sentences import beyond, headline, inputs, kind, limit, measured, rows, what
from monitor.render.sentences import unknown as unknowns
from monitor.report import Inputs, Origin, Span

TEN_OF_100 = Share(count=10, total=100)


def bare(finding):
    """As read back from a file, where there is no estimate."""
    return replace(finding, estimate=None)


def test_a_verdict_never_goes_without_its_coverage():
    assert headline(ok()) == "OK, 12 of 12 judged"
    assert headline(violated()) == "VIOLATED: 6 of 14 judged findings are violated; 5 of 19 could not be judged"
    assert headline(empty()) == "UNKNOWN: nothing could be judged (no_data); 0 of 6 judged"
    assert headline(report()) == "UNKNOWN: nothing was asked; 0 of 0 judged"


def test_one_violation_is_told_in_the_singular():
    one = asked("drift", [moved(800)], ["a"])
    assert headline(report(*one)) == "VIOLATED: 1 of 1 judged finding is violated; all could be judged"


def test_a_broken_rule_without_a_violation_is_failed():
    broken = asked("vip", [failed("KeyError: 'x'")], ["a"])
    assert headline(report(*volume(), *broken)) == "FAILED: 1 check broke; 1 of 2 judged, none of them violated"


def test_unknown_names_the_required_rules_and_why():
    assert headline(too_few()) == "UNKNOWN: drift (too_few_rows) is required and could not be judged; 1 of 10 judged"
    partly = asked("drift", [unknown("no_data"), skip("constant"), unknown("mine"), unknown("mine")], list("abcd"))
    told = headline(report(*volume(), *partly))
    assert told == "UNKNOWN: drift (mine, no_data) is required and could not be judged; 1 of 4 judged"
    both = [*asked("drift", [unknown("no_data")], ["a"]), *asked("volume", [unknown("no_data")], [None])]
    judged = asked("range", [at_most(0, 1)], ["a"])
    told = headline(report(*both, *judged))
    assert told == "UNKNOWN: volume (no_data) and drift (no_data) are required and could not be judged; 1 of 3 judged"


def test_what_was_read_is_told_with_rejects_by_reason_commonest_first():
    read = Inputs(records=1977, rows=1, rejected={"too_long": 3, "not_json": 3, "zip_broken": 1200})
    assert dict(inputs(report(inputs=read)))["read"] == (
        "1 977 captures, 1 row, 1 206 rejected: zip_broken 1 200, not_json 3, too_long 3; 2026-01-01 00:00 to 01:00 UTC"
    )


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (timedelta(), "2026-01-01 23:30 UTC"),
        (timedelta(minutes=5, seconds=7), "2026-01-01 23:30 to 23:35:07 UTC"),
        (timedelta(hours=1), "2026-01-01 23:30 to 2026-01-02 00:30 UTC"),
    ],
)
def test_a_window_is_told_in_utc(end, told):
    start = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert dict(inputs(report(window=Span(start=start, end=start + end))))["read"].endswith(f"; {told}")


def test_a_report_without_baseline_name_or_window_says_so():
    lines = dict(inputs(report(monitor="", window=None, baseline=Origin(), inputs=Inputs())))
    assert lines == {"read": "nothing: no capture was found", "baseline": "none"}


@pytest.mark.parametrize(
    ("finding", "form", "figures"),
    [
        (at_most(share(TEN_OF_100), 0.01), "share", "10 % [5.9, 15.8], limit 1 %"),
        (moved(800, 2000), "change", "+20 % [+17.5, +22.4], limit +2 %"),
        (mean_of(0.5), "deviations", "0.50 sd [0.41, 0.59], limit 0.25 sd"),
        (replace(mean_of(12.345), direction="at_least"), "deviations", "12.3 sd [12.3, 12.4], at least 0.25 sd"),
        (at_most(share_ratio(Share(count=40, total=100), TEN_OF_100), 2), "ratio", "4x [2.3, 6.5], limit 2x"),
        (at_least(12, 20), "exact", "12, at least 20"),
        (at_most(1234567, 20), "exact", "1 235 000, limit 20"),
        (at_most(1, 0), "exact", ""),
        (failed("KeyError"), "exact", ""),
    ],
)
def test_a_number_is_told_in_its_own_unit(finding, form, figures):
    told = [kind(f) for f in (finding, bare(finding))]
    assert told == [form, form]
    assert ", ".join(filter(None, (measured(finding), limit(finding)))) == figures


def test_a_method_of_the_rules_own_is_told_without_a_unit():
    own = Finding(
        status=Status.OK, value=3.0, low=2.0, high=4.5, direction="at_most", threshold=5.0, method="bootstrap", n_now=1
    )
    assert (kind(own), measured(own), limit(own), rows(own)) == ("other", "3 [2, 4.5]", "limit 5", "1 row")


def test_a_rule_that_does_not_say_what_it_saw_is_told_by_its_method():
    assert what(at_most(share(TEN_OF_100), 0.01)) == "share of rows"
    assert what(at_most(1, 0)) == ""


def test_an_unknown_finding_says_its_reason_once():
    assert what(unknown("no_data", "no row was read")) == "no_data, no row was read"
    assert what(unknown("mine")) == "mine"
    assert what(mean_of(0.0, 40)) == "too_few_rows, 160 rows would do (40 read); mean 180 -> 180"


def test_what_no_number_of_rows_could_tell_asks_for_a_larger_baseline():
    small = replace(mean_of(0.0, 40), reason="baseline_too_small", rows_needed=None, rule="mean_shift", feature="a")
    text = "a unknown: baseline_too_small, no number of rows would do; a larger baseline would"
    assert unknowns(report(small)) == [("mean_shift", text)]


def test_an_exact_fact_lies_furthest_and_a_larger_shift_further():
    assert beyond(at_most(1, 0)) > beyond(mean_of(0.9)) > beyond(mean_of(0.5)) == pytest.approx(0.25)
    assert beyond(replace(mean_of(0.5), value=float("nan"))) == 0
