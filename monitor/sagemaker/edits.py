"""What a hand edit of constraints.json says to driftd's own checks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor.feature import Categorical
from monitor.profile import Measured, Profile
from monitor.sagemaker.constraints import read


def with_domains(profile: Profile, document: Mapping[str, Any]) -> Profile:
    """The baseline's profile with the values that were added to `domains` known, though never counted."""
    if not document:
        return profile
    constraints = read(document).features
    features = {
        name: _widened(feature, constraints[name].domains or ()) if name in constraints else feature
        for name, feature in profile.features.items()
    }
    return replace(profile, features=features)


def switched_off(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns whose evaluation is turned off by name."""
    if not document:
        return ()
    constraints = read(document)
    return tuple(
        name for name, feature in constraints.features.items() if feature.overrides.get("evaluate_constraints") is False
    )


def _widened(feature: Measured, domains: tuple[str, ...]) -> Measured:
    if not isinstance(feature, Categorical):
        return feature
    have = {*feature.values, *feature.known}
    return replace(feature, known=(*feature.known, *(value for value in domains if value not in have)))
