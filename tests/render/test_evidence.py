"""What is followed over windows stands in every form of a report, within bounds, and harms none."""

import json
import re
import shlex
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from render.pages import judged
from render.reports import HOSTILE, POLICY, followed, ok

from monitor.cli.main import main
from monitor.finding import Status
from monitor.profile import Profile
from monitor.render import cards, evidence
from monitor.render.band import WIDTH, band, meter
from monitor.render.html import page
from monitor.render.json import report_json
from monitor.render.markdown import markdown
from monitor.render.table import table
from monitor.report import Span


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text)).replace("&#39;", "'").replace("&#34;", '"')


def changed(**changes):
    """A report that is followed, with another policy."""
    return replace(followed(), policy={**deepcopy(POLICY), **changes})


def forms(report) -> dict[str, str]:
    return {
        "page": plain(page(report, Profile(), Profile())),
        "table": plain(table(report, width=400)),
        "markdown": plain(markdown(report)),
    }


def lines(report) -> dict[str, str]:
    return dict(evidence.standing(report))


def test_every_form_says_how_the_policy_stands() -> None:
    for text in forms(followed()).values():
        assert "against production as learned from 336 windows, with its rhythm of the day" in text
        assert "at most 1 false alarm in 52 weeks while traffic wanders as learned; 1 raised in 2 weeks" in text
        assert "0.5 towards another alarm, all features together; at 1 there is one" in text
        assert "age and zip moved within a day of each other" in text
        assert "production is learned: from here on drift is judged against it" in text
        assert "too few windows were learned to tell a sudden change from slow wandering (JUMP)" in text
        assert "zip: rows with 'a': 20 % in production, 10 % in training" in text
        assert "driftd accept --config FILE --monitor churn --feature zip --as accepted" in text


def test_a_report_of_one_window_alone_says_nothing_of_it() -> None:
    assert evidence.standing(ok()) == []
    for text in forms(ok()).values():
        assert "false alarm" not in text
        assert "Followed over windows" not in text


def test_learning_tells_how_far_it_has_come_and_what_is_done_meanwhile() -> None:
    found = lines(changed(phase="learning", learned={"seen": 100, "needed": 336}, raised={"alarms": 0, "since": None}))
    told = "100 of 336 windows of production; until then it is held against the training baseline (skew)"
    assert found["learning"] == told
    assert found["promise"] == "at most 1 false alarm in 52 weeks while traffic wanders as learned"


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2025-10-16T00:00:00Z", "3 raised in 11 weeks"),
        ("2025-12-20T00:00:00Z", "3 raised in 12 days"),
        ("2025-12-31T22:00:00Z", "3 raised in 3 hours"),
        ("2026-01-01T00:00:00Z", "3 raised in 1 hour"),
    ],
)
def test_what_was_raised_is_told_with_the_time_since_production_is_learned(since: str, told: str) -> None:
    assert evidence.promise(changed(raised={"alarms": 3, "since": since})).endswith(told)


def test_a_share_of_a_false_alarm_is_a_promise_too() -> None:
    assert evidence.promise(changed(promise={"at_most": 0.25, "per_seconds": 2419200.0})).startswith(
        "at most 0.25 false alarms in 4 weeks"
    )


def test_a_monitor_in_the_shadow_says_that_nothing_is_done() -> None:
    assert lines(changed(shadow=True))["shadow"] == "judged only: nothing is done about it"


@pytest.mark.parametrize("what", evidence.WORDS)
def test_what_is_said_once_names_the_feature_and_why(what: str) -> None:
    word = {"what": what, "feature": "age", "since": "2026-01-01T00:00:00Z", "channel": "", "scale": 0, "why": "so"}
    told = lines(changed(words=[word]))["news"]
    assert told.startswith(f"age: {evidence.WORDS[what]}")
    assert told.endswith("(so)")
    assert ("Thursday 2026-01-01 00:00 UTC" in told) == (what != "armed")


def test_alarms_are_findings_and_no_news() -> None:
    assert [word["what"] for word in evidence.news(POLICY)] == ["armed"]


def test_a_skew_that_is_open_is_not_told_as_a_question_that_does_not_apply() -> None:
    open_skew = replace(followed().findings[-1], rule="skew", status=Status.SKIPPED, feature="zip")
    report = replace(followed(), findings=(*followed().findings, open_skew))
    assert "does not apply" not in table(report)


@pytest.mark.parametrize("feature", ["zip", "Day Mins", "it's", "a;rm -rf /", "$(x)", "-x", "名前"])
def test_the_command_that_accepts_names_the_feature_as_a_shell_takes_it(feature: str) -> None:
    words = shlex.split(evidence.accepting("churn", feature))
    assert words[:6] == ["driftd", "accept", "--config", "FILE", "--monitor", "churn"]
    assert words[6:] == ["--feature", feature, "--as", "accepted"]


def test_the_command_is_one_that_driftd_has(tmp_path, capsys) -> None:
    words = shlex.split(evidence.accepting("churn", "zip").replace("FILE", str(tmp_path / "none.yaml")))
    with pytest.raises(SystemExit) as left:
        main(words[1:])
    assert left.value.code == 2
    assert "none.yaml" in capsys.readouterr().err  # it came as far as reading the file


@pytest.mark.parametrize("feature", [HOSTILE, "x" * 500])
def test_a_name_that_cannot_be_typed_has_no_command(feature: str) -> None:
    assert evidence.accepting("churn", feature) == ""
    skew = {**POLICY["skews"][0], "feature": feature, "place": HOSTILE}
    for text in forms(changed(skews=[skew])).values():
        assert "driftd accept" not in text


def test_many_skews_are_cut_and_counted() -> None:
    report = changed(skews=[{**POLICY["skews"][0], "feature": f"f{i}"} for i in range(500)])
    found = evidence.skews(report)
    assert (len(found), found[-1]) == (evidence.MOST_SKEWS + 1, ("480 features more: report.json has them all", ""))
    assert len(page(report, Profile(), Profile())) < 100_000


def bands(number: int):
    """One after the other nearer to an alarm."""
    return [{**POLICY["bands"][0], "feature": f"f{i}", "evidence": i / number} for i in range(number)]


def test_the_features_nearest_to_an_alarm_come_first_and_not_all_of_a_thousand() -> None:
    report = changed(bands=bands(1000))
    near = cards.nearest(report)
    assert [one.title for one in near[:2]] == ["f999", "f998"]
    assert len(near) == cards.MOST_NEAR
    text = page(report, Profile(), Profile())
    assert "900 features more: report.json, beside this file, has them all." in plain(text)
    assert len(text) < 300_000


def test_a_band_that_people_widened_says_so() -> None:
    assert "band widened 1.5x" in plain(page(changed(bands=[{**POLICY["bands"][0], "widened": 1.5}]), *[Profile()] * 2))


def test_a_violated_feature_stands_in_its_band_with_its_evidence() -> None:
    report, now, base = judged({"age": [1, 2, 3] * 200}, {"age": [1, 2, 3] * 300})
    drift = replace(followed().findings[-1], low=0.05, high=0.15, value=0.1, threshold=0.05)
    card = cards.violated_features(replace(report, findings=(drift,), policy=POLICY), now, base)[0]
    line = card.lines[0]
    assert (line.interval, line.evidence) == (None, "evidence 1.5, where 1 is an alarm")
    assert line.band is not None
    assert [one.text for one in line.band.labels] == ["45 %", "55 %", "60 %"]
    assert line.meter is not None
    alone = cards.violated_features(replace(report, findings=(drift,)), now, base)[0].lines[0]
    assert alone.band is None
    assert alone.interval is not None


def test_an_alarm_that_is_open_says_when_it_closes_instead_of_evidence_that_is_spent() -> None:
    spent = replace(followed().findings[-1], evidence=0.01)
    assert evidence.weighed(spent) == "the alarm stays until the feature has been back inside its band for a day"
    assert cards.line(spent, drawn=True).meter is None
    fine = replace(spent, status=Status.OK, evidence=0.31)
    assert evidence.weighed(fine) == "evidence 0.31, where 1 is an alarm"
    assert evidence.weighed(replace(spent, evidence=None)) == ""


def test_features_that_moved_together_are_linked_to_their_cards() -> None:
    drift = followed().findings[-1]
    both = replace(followed(), findings=(drift, replace(drift, feature="zip")))
    text = page(both, Profile(), Profile())
    assert (
        'Moved within a day of each other: <a href="#f1"><bdi>age</bdi></a>, <a href="#f2"><bdi>zip</bdi></a>' in text
    )
    one = page(followed(), Profile(), Profile())
    assert "Moved within a day of each other: <a" not in one


NUMBERS = {"least": 0.08, "most": 0.125, "centre": 0.1, "now": 0.18}


def test_a_band_is_drawn_to_scale() -> None:
    picture = band(NUMBERS)
    places = [float(one.x) for one in picture.labels]
    least, most, now = places
    assert now - least == pytest.approx((0.18 - 0.08) / (0.125 - 0.08) * (most - least), abs=1)
    assert picture.alt == "18 % now, the band from 8 % to 12.5 %"
    assert all(0 < place < WIDTH for place in places)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_band_without_one_of_its_numbers_is_not_drawn(name: str) -> None:
    assert band({**NUMBERS, name: None}) is None


def test_a_band_without_any_width_is_not_drawn() -> None:
    assert band(dict.fromkeys(NUMBERS, 0.5)) is None


@pytest.mark.parametrize(("found", "filled"), [(0.0, 0), (0.5, 99), (1.0, 198), (4.0, 198)])
def test_a_meter_is_full_at_an_alarm(found: float, filled: int) -> None:
    picture = meter(found)
    assert (f"h{filled}v" in picture.now) if filled else picture.now == ""


def test_hostile_words_of_the_policy_reach_no_reader_as_they_are() -> None:
    bad = "<img src=x>\x1b[2J\u202e" + "x" * 5000
    policy = deepcopy(POLICY)
    policy["words"] = [
        {"what": "refused", "feature": bad, "since": "2026-01-01T00:00:00Z", "channel": bad, "scale": 1, "why": bad}
    ]
    policy["skews"][0] |= {"feature": bad, "place": bad}
    policy["bands"][0] |= {"feature": bad, "place": bad}
    policy["groups"], policy["notes"], policy["seasons"] = [[bad, bad]], [bad], ["day"]
    drift = replace(followed().findings[-1], feature=bad)
    report = replace(followed(), policy=policy, findings=(drift,), monitor=bad)
    texts = [page(report, Profile(), Profile()), table(report), markdown(report)]
    for text in texts:
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 40_000
    assert "<img" not in texts[0]
    assert re.sub(r"`[^`]*`", "", texts[2]).count("<img") == 0


def test_the_report_of_a_policy_reads_back() -> None:
    document = json.loads(report_json(followed()))
    assert document["policy"]["raised"] == {"alarms": 1, "since": "2025-12-15T00:00:00Z"}
    later = Span(start=datetime(2026, 1, 5, tzinfo=UTC), end=datetime(2026, 1, 6, tzinfo=UTC))
    assert "raised in 3 weeks" in evidence.promise(replace(followed(), window=later))


def test_correlated_features_are_said_to_be_one_move() -> None:
    told = evidence.standing(changed(correlated=[["age", "zip"]]))
    assert ("together", "age and zip are correlated as learned: likely one move, not 2") in told
