import copy
import json
from pathlib import Path

import pytest

from monitor.errors import BaselineError
from monitor.sagemaker.constraints import Constraints, MonitoringConfig, read, suggest

SDK = Path(__file__).parents[1] / "data" / "sagemaker_sdk"
CASES = SDK / "quality_check_step" / "data_quality"


def document_of(path):
    return json.loads(path.read_text())


def one(*, config=None, **feature):
    document = {"features": [{"name": "x", **feature}]}
    return document if config is None else document | {"monitoring_config": config}


def test_the_published_constraints_are_suggested_but_for_the_keys_of_today(baseline_of):
    lines = (CASES / "baseline_dataset.csv").read_text().split()
    columns = {f"_c{i}": values for i, values in enumerate(zip(*(line.split(",") for line in lines), strict=True))}
    published = document_of(CASES / "good_cases" / "constraints.json")
    published["monitoring_config"]["distribution_constraints"] |= {
        "categorical_comparison_threshold": 0.1,
        "categorical_drift_method": "LInfinity",
    }
    suggested = suggest(baseline_of(columns))
    assert suggested == published
    assert json.dumps(suggested) == json.dumps(published)


def test_types_completeness_signs_and_domains_are_suggested(baseline_of):
    many = [f"v{i}" for i in range(121)]
    profile = baseline_of(
        {
            "whole": ["-1", *["2"] * 120],
            "text": ["a", "b", "b", None, *["b"] * 117],
            "flag": ["true"] * 121,
            "many": many,
            "empty": [None] * 121,
        }
    )
    assert suggest(profile)["features"] == [
        {
            "name": "whole",
            "inferred_type": "Integral",
            "completeness": 1.0,
            "num_constraints": {"is_non_negative": False},
        },
        {
            "name": "text",
            "inferred_type": "String",
            "completeness": 120 / 121,
            "string_constraints": {"domains": ["b", "a"]},
        },
        {
            "name": "flag",
            "inferred_type": "String",
            "completeness": 1.0,
            "string_constraints": {"domains": ["true"]},
        },
        {"name": "many", "inferred_type": "String", "completeness": 1.0},
        {"name": "empty", "inferred_type": "Unknown", "completeness": 0.0},
    ]


def test_a_window_suggests_what_it_shows_itself(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    x, s = suggest(window_of({"x": ["1", "oops"], "s": ["b", "c"]}, base))["features"]
    assert x == {"name": "x", "inferred_type": "String", "completeness": 1.0}
    assert s["string_constraints"] == {"domains": ["b", "c"]}
    nothing = suggest(window_of({"x": [], "s": []}, base))["features"]
    assert nothing == [{"name": name, "inferred_type": "Unknown"} for name in ("x", "s")]


def test_what_is_suggested_is_read_back(baseline_of):
    constraints = read(suggest(baseline_of({"x": ["1", "2", None, "4"], "s": ["a", "b", "a", "c"]})))
    assert constraints.config == MonitoringConfig()
    x, s = constraints.features.values()
    assert (x.name, x.inferred_type, x.completeness, x.is_non_negative, x.domains) == (
        "x",
        "Integral",
        0.75,
        True,
        None,
    )
    assert (s.inferred_type, s.domains, s.is_non_negative) == ("String", ("a", "b", "c"), None)


def test_the_sdks_fixtures_are_read():
    good = read(document_of(CASES / "good_cases" / "constraints.json"))
    bad = read(document_of(CASES / "bad_cases" / "constraints.json"))
    assert list(good.features) == [f"_c{i}" for i in range(6)]
    assert good.config == bad.config == MonitoringConfig()
    assert [f.inferred_type for f in bad.features.values()] == ["Fractional"] * 5 + ["String"]


def test_a_file_of_2019_is_read():
    constraints = read(document_of(SDK / "monitor" / "constraints.json"))
    assert constraints.config == MonitoringConfig(comparison_threshold=1.0)
    message = constraints.features["message"]
    assert message.domains == ("preproc-not-YET-supported-for-csv-json",)
    assert message.overrides == {"evaluate_constraints": True, "emit_metrics": True}


def test_the_names_of_2019_mean_what_todays_mean():
    old = {"distribution_constraints": {"enable_comparisons": False, "min_domain_mass": 0.7, "comparison_threshold": 1}}
    config = read(one(config=old)).config
    assert config == MonitoringConfig(perform_comparison=False, domain_content_threshold=0.7, comparison_threshold=1.0)
    both = {"domain_content_threshold": 0.5, "distribution_constraints": {"min_domain_mass": 0.7}}
    assert read(one(config=both)).config.domain_content_threshold == 0.5


def test_every_key_of_the_configuration_is_read():
    config = {
        "evaluate_constraints": "Disabled",
        "emit_metrics": "Disabled",
        "datatype_check_threshold": 0.9,
        "domain_content_threshold": 0.8,
        "distribution_constraints": {
            "perform_comparison": "Disabled",
            "comparison_threshold": 0.7,
            "comparison_method": "Simple",
            "categorical_comparison_threshold": 0.6,
            "categorical_drift_method": "ChiSquared",
        },
    }
    assert read(one(config=config)).config == MonitoringConfig(
        evaluate_constraints=False,
        emit_metrics=False,
        datatype_check_threshold=0.9,
        domain_content_threshold=0.8,
        perform_comparison=False,
        comparison_threshold=0.7,
        comparison_method="Simple",
        categorical_comparison_threshold=0.6,
        categorical_drift_method="ChiSquared",
    )


@pytest.mark.parametrize(
    ("spelling", "meaning"),
    [("linf_simple", "Simple"), ("linf_robust", "Robust"), ("Simple", "Simple"), ("robust", "Robust")],
)
def test_methods_have_synonyms(spelling, meaning):
    config = {"distribution_constraints": {"comparison_method": spelling}}
    assert read(one(config=config)).config.comparison_method == meaning


@pytest.mark.parametrize(
    ("value", "meaning"), [("Enabled", True), ("Disabled", False), (True, True), (False, False), ("disabled", False)]
)
def test_switches_are_words_or_truth_values(value, meaning):
    assert read(one(config={"evaluate_constraints": value})).config.evaluate_constraints is meaning


@pytest.mark.parametrize(
    "feature",
    [
        {"monitoringConfigOverrides": {"datatype_check_threshold": 0.5}},
        {"monitoring_config_overrides": {"datatype_check_threshold": 0.5}},
        {"string_constraints": {"monitoring_config_overrides": {"datatype_check_threshold": 0.5}}},
        {"num_constraints": {"is_non_negative": True, "monitoringConfigOverrides": {"datatype_check_threshold": 0.5}}},
    ],
)
def test_overrides_are_read_wherever_they_stand_and_only_for_their_column(feature):
    document = one(config={"datatype_check_threshold": 0.8, "emit_metrics": "Disabled"}, **feature)
    document["features"].append({"name": "y"})
    constraints = read(document)
    assert constraints.config_of("x") == MonitoringConfig(datatype_check_threshold=0.5, emit_metrics=False)
    assert constraints.config_of("y").datatype_check_threshold == 0.8
    assert constraints.config_of("no such column") == constraints.config


def test_overrides_reach_into_the_distribution_and_those_the_sdk_writes_win():
    constraints = read(
        one(
            monitoringConfigOverrides={
                "evaluate_constraints": "Enabled",
                "distribution_constraints": {"comparison_threshold": 0.3},
            },
            string_constraints={"monitoring_config_overrides": {"evaluate_constraints": "Disabled"}},
        )
    )
    assert constraints.config_of("x") == MonitoringConfig(comparison_threshold=0.3, evaluate_constraints=False)


def test_what_is_missing_has_its_default():
    assert read({"features": []}) == Constraints()
    x = read(one()).features["x"]
    assert (x.inferred_type, x.completeness, x.domains, x.overrides) == ("Unknown", None, None, {})
    assert read(one(string_constraints={"domains": []})).features["x"].domains is None
    assert read(one(string_constraints=None, completeness=None, surprise=3)).features["x"].completeness is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "features: is missing; a list with an entry for each column would be right"),
        (one(completeness=1.2), "feature 'x': completeness: 1.2; a number from 0 to 1 would be right"),
        (one(completeness="all"), "feature 'x': completeness: 'all'; a number would be right"),
        (
            one(monitoringConfigOverrides={"datatype_check_threshold": -0.1}),
            "feature 'x': monitoringConfigOverrides.datatype_check_threshold: -0.1; a number from 0 to 1",
        ),
        (
            one(config={"distribution_constraints": {"comparison_threshold": 2}}),
            "monitoring_config.distribution_constraints.comparison_threshold: 2.0; a number from 0 to 1 would be right",
        ),
        (
            one(config={"distribution_constraints": {"comparison_method": "best"}}),
            "monitoring_config.distribution_constraints.comparison_method: 'best'; Simple or Robust would be right",
        ),
        (
            one(config={"distribution_constraints": {"categorical_drift_method": "PSI"}}),
            "categorical_drift_method: 'PSI'; LInfinity or ChiSquared would be right",
        ),
        (
            one(config={"evaluate_constraints": "On"}),
            "monitoring_config.evaluate_constraints: 'On'; Enabled or Disabled would be right",
        ),
        (one(config={"emit_metrics": 1}), "monitoring_config.emit_metrics: 1; Enabled or Disabled would be right"),
        (
            one(string_constraints={"domains": ["a", 1]}),
            "feature 'x': string_constraints.domains: 1; a list of texts would be right",
        ),
        (one(string_constraints=["a"]), "feature 'x': string_constraints: ['a']; an object would be right"),
        (one(inferred_type="Integer"), "feature 'x': inferred_type: 'Integer'; one of Integral, Fractional, String"),
    ],
)
def test_a_mistake_is_named_with_its_column_and_key(document, message):
    with pytest.raises(BaselineError) as refused:
        read(copy.deepcopy(document))
    assert message in str(refused.value)
