from pathlib import Path

import pytest
from config.files import CHURN, PRESETS, RULES, loaded, one

from monitor.config.load import check_all, checks_of
from monitor.errors import ConfigError
from monitor.rule import Check


def checks(folder: Path, entries: str, more: str = "") -> list[Check]:
    config = loaded(folder, f"monitors: {{m: {{{CHURN}, checks: {entries}{more}}}}}")
    return list(checks_of(config.monitors["m"], RULES, PRESETS))


def test_a_preset_is_its_checks(tmp_path: Path) -> None:
    assert checks(tmp_path, "[driftd]") == list(PRESETS["driftd"])
    assert checks(tmp_path, "[sagemaker]") == []


def test_an_entry_without_features_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    _, drift, _ = checks(tmp_path, "[driftd, {rule: drift, severity: page, tolerance: 5%}]")
    assert drift == Check(rule=RULES["drift"], required=True, severity="page", options={"tolerance": 0.05})


def test_an_entry_with_features_is_added_with_the_rest_as_it_is_for_all(tmp_path: Path) -> None:
    found = checks(
        tmp_path, "[driftd, {rule: range, max_share: 2%}, {rule: range, features: [age, 'x*'], severity: page}]"
    )
    assert found[2:] == [
        Check(rule=RULES["range"], options={"max_share": 0.02}),
        Check(rule=RULES["range"], options={"max_share": 0.02}, features=("age", "x*"), severity="page"),
    ]


def test_features_may_have_changes_of_their_own(tmp_path: Path) -> None:
    found = checks(
        tmp_path,
        "[{rule: psi, severity: info, features: {a: , b: {limit: 1}, c: {enabled: false}, d: {severity: page}}}]",
    )
    assert [(c.features, dict(c.options), c.severity, c.enabled) for c in found] == [
        (("a",), {}, "info", True),
        (("b",), {"limit": 1.0}, "info", True),
        (("c",), {}, "info", False),
        (("d",), {}, "page", True),
    ]


def test_a_later_entry_for_all_keeps_what_was_said_for_some(tmp_path: Path) -> None:
    found = checks(tmp_path, "[{rule: range, features: age, severity: page}, {rule: range, max_share: 3%}]")
    assert found == [
        Check(rule=RULES["range"], options={"max_share": 0.03}),
        Check(rule=RULES["range"], options={"max_share": 0.03}, features=("age",), severity="page"),
    ]


def test_a_check_can_be_switched_off_for_all_or_for_some(tmp_path: Path) -> None:
    assert [c.rule.name for c in checks(tmp_path, "[driftd, {rule: range, enabled: false}]")] == ["volume", "drift"]
    last = checks(tmp_path, "[driftd, {rule: drift, features: [zip], enabled: false}]")[-1]
    assert (last.features, last.enabled) == (("zip",), False)
    again = checks(tmp_path, "[driftd, {rule: range, enabled: false}, {rule: range, features: [age]}]")[-1]
    assert again == Check(rule=RULES["range"], features=("age",))


def test_the_tolerance_of_the_alarm_is_that_of_drift_unless_the_check_has_its_own(tmp_path: Path) -> None:
    more = ", alarm: {tolerance: 4%}"
    assert checks(tmp_path, "[driftd]", more)[1].options == {"tolerance": 0.04}
    assert checks(tmp_path, "[driftd, {rule: drift, tolerance: 0.1}]", more)[1].options == {"tolerance": 0.1}
    assert checks(tmp_path, "[{rule: drift, features: [a]}]", more)[0].options == {"tolerance": 0.04}


def test_options_are_read_in_the_type_of_the_rule(tmp_path: Path) -> None:
    (found,) = checks(tmp_path, "[{rule: psi, limit: 1, bins: 5, quick: false, over: 2h, names: [a], method: }]")
    assert {name: repr(value) for name, value in found.options.items()} == {
        "limit": "1.0",
        "bins": "5",
        "quick": "False",
        "over": "datetime.timedelta(seconds=7200)",
        "names": "['a']",
        "method": "None",
    }


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{rule: psi, limits: 1}", ".limits: rule 'psi': unknown option 'limits'; did you mean 'limit'?"),
        ("{rule: psi, limit: true}", ".limit: rule 'psi': option 'limit' takes float: true is not a number; "
         "a number such as 0.025 or a per cent such as 2.5% would be right"),
        ("{rule: psi, bins: 2.5}", ".bins: rule 'psi': option 'bins' takes int: 2.5 is not a whole number; "
         "1, 2, 3 would be right"),
        ("{rule: psi, quick: yes}", ".quick: rule 'psi': option 'quick' takes bool: 'yes' is not a truth value; "
         "true or false would be right"),
        ("{rule: psi, over: 60}", ".over: rule 'psi': option 'over' takes timedelta: 60 is not a duration; "
         "a number with its unit would be right: 90s, 15m, 1h, 2d or 1w"),
        ("{rule: psi, names: a}", ".names: rule 'psi': option 'names' takes list[str]: 'a' is not a list of texts; "
         '["a", "b"] would be right'),
        ("{rule: psi, method: 5}", ".method: rule 'psi': option 'method' takes str | None: 5 is not a text; "
         "put it in quotes"),
        ("{rule: psi, features: {a: {limt: 1}}}", ".features.a.limt: rule 'psi': unknown option 'limt'; "
         "did you mean 'limit'?"),
        ("{rule: expected}", ": rule 'expected': option 'values' is missing; it has no default"),
        ("{rule: volume, features: [a]}",
         ".features: rule 'volume' is asked about the whole window; remove `features`"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_with_its_type(tmp_path: Path, entry: str, told: str) -> None:
    assert one(tmp_path, f"{CHURN}, checks: [{entry}]", rules=RULES, presets=PRESETS) == [f"monitors.m.checks[0]{told}"]


def test_presets_come_first_and_once(tmp_path: Path) -> None:
    told = one(tmp_path, CHURN + ", checks: [{rule: psi}, driftd, driftd]", rules=RULES, presets=PRESETS)
    assert told[0] == "monitors.m.checks[1]: preset 'driftd' stands after changes; presets come first"
    assert "monitors.m.checks[2]: preset 'driftd' is listed twice; keep one" in told


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("drift", "'drift' is not known here; driftd or sagemaker would be right"),
        (
            "{preset: driftd, severity: page}",
            "has a preset with more keys; a preset stands alone, and changes to it follow",
        ),
        (
            "{preset: driftd, rule: psi}",
            "needs a preset or a rule; driftd or {rule: range, severity: page} would be right",
        ),
    ],
)
def test_an_entry_is_a_preset_or_a_rule(tmp_path: Path, entry: str, told: str) -> None:
    assert one(tmp_path, f"{CHURN}, checks: [{entry}]") == [f"monitors.m.checks[0]: {told}"]


def test_features_are_names(tmp_path: Path) -> None:
    right = "names or globs would be right: [age, 'amount_*']"
    for wrong, shown in (("[]", "a list"), ("[1]", "a list"), ("{}", "a mapping"), ("5", "5")):
        told = one(tmp_path, f"{CHURN}, checks: [{{rule: psi, features: {wrong}}}]")
        assert told == [f"monitors.m.checks[0].features: {shown} is not a list of features; {right}"]


def test_every_monitor_is_checked_at_once(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, f"monitors:\n  a: {{{CHURN}, checks: [{{rule: x}}]}}\n  b: {{{CHURN}, checks: [{{rule: psy}}]}}\n"
    )
    with pytest.raises(ConfigError) as caught:
        check_all(config, RULES, PRESETS)
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        "driftd.yaml:2: monitors.a.checks[0].rule: rule 'x': unknown; "
        "one of drift, range, psi, expected, volume would be right",
        "driftd.yaml:3: monitors.b.checks[0].rule: rule 'psy': unknown; did you mean 'psi'?",
    ]
    with pytest.raises(ConfigError, match="psy"):
        checks_of(config.monitors["b"], RULES, PRESETS)
