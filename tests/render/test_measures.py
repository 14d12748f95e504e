"""Measures of violated findings, in words."""

from dataclasses import replace

import pytest
from render.reports import asked, moved, report

from monitor.finding import Finding, Status
from monitor.measurement import Measurement
from monitor.render.html import page
from monitor.render.markdown import markdown
from monitor.render.measures import LABELS, rows, summary
from monitor.testing import profile

KS = Measurement(name="ks", value=0.2137, low=0.1818, high=0.257, deviations=0.5422, method="at the cuts")
PSI = Measurement(name="psi", value=0.293, low=0.2456, high=0.3458, deviations=0.5413, method="cells")
VARIANCE = Measurement(name="variance", value=1.0008, low=0.9347, high=1.07, method="ratio")


def violated(*measures):
    (finding,) = asked("drift", [moved(591)], ["Day Mins"])
    return replace(finding, measures=measures)


def test_a_line_has_the_best_known_measures_and_one_size_for_all():
    assert summary(violated(VARIANCE, PSI, KS)) == "KS 0.21 [0.18, 0.26], PSI 0.29 [0.25, 0.35]; as a shift of 0.54 sd"
    assert summary(violated()) == ""
    assert summary(violated(replace(KS, deviations=None))) == "KS 0.21 [0.18, 0.26]"


def test_all_of_them_are_rows_in_one_order():
    found = rows(violated(VARIANCE, PSI, KS))
    assert [(row.label, row.value, row.bounds, row.equals) for row in found] == [
        ("KS", "0.21", "[0.18, 0.26]", "0.54 sd"),
        ("PSI", "0.29", "[0.25, 0.35]", "0.54 sd"),
        ("variance, times", "1", "[0.93, 1.07]", ""),
    ]


def test_every_measure_has_a_label():
    import json
    from pathlib import Path

    import monitor

    schema = json.loads((Path(monitor.__file__).parent / "schemas" / "report.schema.json").read_text())
    told = schema["$defs"]["finding"]["properties"]["measures"]["items"]["properties"]["name"]["description"]
    assert [name for name in LABELS if name not in told] == []


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_they_stand_with_the_finding(form):
    shown = report(violated(KS, PSI, VARIANCE))
    text = markdown(shown) if form == "markdown" else page(shown, profile({"a": [1.0]}), profile({"a": [1.0]}))
    assert "KS 0.21 [0.18, 0.26], PSI 0.29 [0.25, 0.35]; as a shift of 0.54 sd" in text
    assert ("<td>variance, times</td><td>1</td>" in text) == (form == "html")
    plain = report(violated())
    text = markdown(plain) if form == "markdown" else page(plain, profile({"a": [1.0]}), profile({"a": [1.0]}))
    assert "In other measures" not in text


def test_numbers_that_are_none_are_told_as_none():
    far = Measurement(name="w1", value=float("inf"), low=1e-9, high=123456.0)
    assert rows(Finding(status=Status.VIOLATED, measures=(far,)))[0].bounds == "[0.00000, 123456]"
    assert rows(Finding(status=Status.VIOLATED, measures=(far,)))[0].value == "none"


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_it_says_what_the_window_is_held_against(form):
    mean = Measurement(name="mean", value=0.5, low=0.4, high=0.6, method="against the training baseline: difference")
    followed = replace(violated(KS, mean), evidence=1.5)
    for finding, told in ((violated(KS), "the baseline"), (followed, "production as learned")):
        shown = report(finding)
        text = markdown(shown) if form == "markdown" else page(shown, profile({"a": [1.0]}), profile({"a": [1.0]}))
        assert (f"against {told}: KS" if form == "markdown" else f"<th>this window against {told}</th>") in text
    assert [row.label for row in rows(followed)] == ["KS", "mean, sd, against training"]
