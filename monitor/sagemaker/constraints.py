"""constraints.json: what Model Monitor asks of every column. Suggested from a profile, edited by hand, read back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.feature import Numeric
from monitor.profile import Measured, Profile
from monitor.sagemaker.distance import Method
from monitor.sagemaker.keys import Node, features_of, type_of, wrong
from monitor.sagemaker.statistics import value_counts

OVERRIDES = ("monitoringConfigOverrides", "monitoring_config_overrides")
METHODS: Mapping[str, Method] = {
    "simple": "Simple",
    "robust": "Robust",
    "linf_simple": "Simple",
    "linf_robust": "Robust",
}
DRIFT_METHODS = {"linfinity": "LInfinity", "chisquared": "ChiSquared"}
SWITCHES = {"enabled": True, "disabled": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringConfig:
    """That product's `monitoring_config`, under its own names.

    The defaults are those of real files and container logs; its documentation tells others (0.1 for both checks).
    """

    evaluate_constraints: bool = True
    emit_metrics: bool = True
    datatype_check_threshold: float = 1.0
    domain_content_threshold: float = 1.0
    perform_comparison: bool = True
    comparison_threshold: float = 0.1
    comparison_method: Method = "Robust"
    categorical_comparison_threshold: float = 0.1
    categorical_drift_method: str = "LInfinity"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureConstraints:
    """What is asked of one column; None where the file asks nothing. An empty list of domains asks nothing."""

    name: str
    inferred_type: str = "Unknown"
    completeness: float | None = None
    is_non_negative: bool | None = None
    domains: tuple[str, ...] | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Columns in the order of the file, and the configuration that holds for all without overrides of their own."""

    features: Mapping[str, FeatureConstraints] = field(default_factory=dict)
    config: MonitoringConfig = field(default_factory=MonitoringConfig)

    def config_of(self, feature_name: str) -> MonitoringConfig:
        """The configuration with the column's overrides."""
        feature = self.features.get(feature_name)
        return replace(self.config, **feature.overrides) if feature is not None else self.config


def read(document: Mapping[str, Any]) -> Constraints:
    """Constraints in any dialect of the file; BaselineError names the feature and the key that is wrong.

    Unknown keys are passed over, as that product does. Where overrides are spelled in several ways, the one inside
    `string_constraints` wins: the SDK's `set_monitoring` writes there.
    """
    features = {name: _feature(name, node) for name, node in features_of(document).items()}
    given = Node.of(document).node("monitoring_config")
    config = replace(MonitoringConfig(), **_settings(given)) if given is not None else MonitoringConfig()
    return Constraints(features=features, config=config)


def suggest(profile: Profile) -> dict[str, Any]:
    """The document that asks for what a profile shows: types, completeness, signs, categories."""
    return {
        "version": 0.0,
        "features": [_suggested(feature) for feature in profile.features.values()],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": 1.0,
            "domain_content_threshold": 1.0,
            "distribution_constraints": {
                "perform_comparison": "Enabled",
                "comparison_threshold": 0.1,
                "comparison_method": "Robust",
                "categorical_comparison_threshold": 0.1,
                "categorical_drift_method": "LInfinity",
            },
        },
    }


def _suggested(feature: Measured) -> dict[str, Any]:
    kind = feature.classes.inferred
    entry: dict[str, Any] = {"name": feature.name, "inferred_type": kind}
    if feature.rows:
        entry["completeness"] = feature.present / feature.rows
    if isinstance(feature, Numeric):
        if feature.count and kind in ("Integral", "Fractional"):
            entry["num_constraints"] = {"is_non_negative": feature.moments.minimum >= 0}
        return entry
    counts = value_counts(feature)
    if counts:
        entry["string_constraints"] = {"domains": list(counts)}
    return entry


def _feature(name: str, node: Node) -> FeatureConstraints:
    numbers, texts = node.node("num_constraints"), node.node("string_constraints")
    overrides: dict[str, Any] = {}
    for place in (node, numbers, texts):
        for key in OVERRIDES:
            given = place.node(key) if place is not None else None
            overrides |= _settings(given) if given is not None else {}
    return FeatureConstraints(
        name=name,
        inferred_type=type_of(node),
        completeness=node.share("completeness"),
        is_non_negative=_switch(numbers, "is_non_negative") if numbers is not None else None,
        domains=(texts.texts("domains") or None) if texts is not None else None,
        overrides=overrides,
    )


def _settings(node: Node) -> dict[str, Any]:
    """The fields of `MonitoringConfig` that are given, in today's spelling or that of 2019."""
    distribution = node.node("distribution_constraints") or Node({}, node.place_of("distribution_constraints"))
    found = {
        "evaluate_constraints": _switch(node, "evaluate_constraints"),
        "emit_metrics": _switch(node, "emit_metrics"),
        "datatype_check_threshold": node.share("datatype_check_threshold"),
        "domain_content_threshold": _first(
            node.share("domain_content_threshold"), distribution.share("min_domain_mass")
        ),
        "perform_comparison": _first(
            _switch(distribution, "perform_comparison"), _switch(distribution, "enable_comparisons")
        ),
        "comparison_threshold": distribution.share("comparison_threshold"),
        "comparison_method": _choice(distribution, "comparison_method", METHODS),
        "categorical_comparison_threshold": distribution.share("categorical_comparison_threshold"),
        "categorical_drift_method": _choice(distribution, "categorical_drift_method", DRIFT_METHODS),
    }
    return {key: value for key, value in found.items() if value is not None}


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _switch(node: Node, key: str) -> bool | None:
    value = node.value.get(key)
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in SWITCHES:
        raise wrong(node.place_of(key), value, "Enabled or Disabled")
    return SWITCHES[value.lower()]


def _choice(node: Node, key: str, choices: Mapping[str, str]) -> str | None:
    value = node.value.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or value.lower() not in choices:
        raise wrong(node.place_of(key), value, " or ".join(dict.fromkeys(choices.values())))
    return choices[value.lower()]
