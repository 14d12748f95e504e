"""The configurations that are shipped, and what is shown of them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from config.files import CHURN, loaded, written

from monitor import rulepath
from monitor.config.grammar import Config
from monitor.config.load import checks_of, load
from monitor.config.parts import bare, inner, is_part
from monitor.config.show import show

SHIPPED = Path(__file__).parents[2] / "config"


REFERENCE = SHIPPED / "reference.yaml"


def keys_of(annotation: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the grammar; `*` is any name or number."""
    part = bare(annotation)
    if is_part(part):
        for name, field in part.keys().items():
            yield (*at, name)
            yield from keys_of(field.annotation, (*at, name))
    elif is_part(bare(inner(part, 0))):
        yield from keys_of(inner(part, 0), (*at, "*"))


def keys_in(value: Any, annotation: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    part = bare(annotation)
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in pairs:
        key = (*at, name if is_part(part) else "*")
        yield key
        yield from keys_in(item, inner(part, name), key)


def test_the_shortest_file_is_a_whole_configuration() -> None:
    churn = load(SHIPPED / "minimal.yaml").monitors["churn"]
    assert churn.captures.path == SHIPPED / "data/captures/churn"
    assert churn.schedule.every == timedelta(hours=1)


def test_the_reference_loads_with_the_rules_that_are_shipped() -> None:
    rules = rulepath.shipped()
    presets = {"driftd": rulepath.preset(rules), "sagemaker": ()}
    config = load(REFERENCE, rules=rules, presets=presets)
    assert list(config.monitors) == ["churn", "upsell"]
    checks = checks_of(config.monitors["churn"], rules, presets)
    assert [c.features for c in checks if c.rule.name == "range"] == [("*",), ("age", "amount_*")]
    assert "outliers" not in [c.rule.name for c in checks]


def test_every_key_of_the_grammar_is_in_the_reference() -> None:
    document = yaml.safe_load((SHIPPED / "reference.yaml").read_text(encoding="utf-8"))
    found = set(keys_in(document, Config))
    known = set(keys_of(Config))
    assert len(known) > 40
    assert sorted(known - found - {(*CHANGE, "required")}) == []


CHANGE = ("monitors", "*", "checks", "*", "features", "*")


def test_the_reference_says_the_defaults_that_hold(tmp_path: Path) -> None:
    text = (SHIPPED / "reference.yaml").read_text(encoding="utf-8")
    shown = yaml.safe_load(show(loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}")))["monitors"]["m"]
    said = {
        "delay": shown["schedule"]["delay"],
        "max_windows": str(shown["schedule"]["catchup"]["max_windows"]),
        "mode": shown["schedule"]["catchup"]["mode"],
        "policy": shown["schedule"]["late"]["policy"],
        "timezone": shown["schedule"]["timezone"],
        "tolerance": shown["alarm"]["tolerance"],
        "tolerance_unlearned": shown["alarm"]["tolerance_unlearned"],
        "at_most": f"{shown['alarm']['false_alarms']['at_most']:g}",
        "per": shown["alarm"]["false_alarms"]["per"],
        "scope": shown["alarm"]["false_alarms"]["scope"],
        "for": shown["alarm"]["learn"]["for"],
        "at_least": shown["alarm"]["learn"]["at_least"],
        "outputs": shown["alarm"]["weights"]["outputs"],
        "memory": shown["limits"]["memory"],
        "format": shown["captures"]["format"],
        "header": shown["captures"]["header"],
    }
    for key, default in said.items():
        line, *_ = [line for line in text.splitlines() if line.strip().startswith(f"{key}: ")]
        assert line.rstrip().endswith(f"default: {default}")


def test_what_is_shown_is_a_configuration_and_the_same_one(tmp_path: Path) -> None:
    config = load(REFERENCE)
    again = load(written(tmp_path, show(config), "again.yaml"))
    assert again.model_dump(exclude={"include", "defaults"}) == config.model_dump(exclude={"include", "defaults"})
    assert show(again) == show(config)


def test_what_is_shown_has_every_default_and_no_secret(tmp_path: Path) -> None:
    labels = 'labels: {api_key: abc, team: growth, odd: "1e3", link: "https://me:pass@host/"}'
    shown = show(loaded(tmp_path, f"monitors: {{m: {{{CHURN}, {labels}}}}}"))
    assert "api_key: (hidden)" in shown
    assert "abc" not in shown
    assert "me:pass" not in shown
    assert "odd: '1e3'" in shown
    for line in (
        "every: 1h",
        "delay: 10m",
        "memory: 1GiB",
        "tolerance: 2.5%",
        "- driftd",
        "mode: all",
        "timezone: UTC",
    ):
        assert line in shown


def test_entries_of_checks_are_shown_as_they_are_written(tmp_path: Path) -> None:
    entries = "[driftd, {rule: range, features: [age], severity: page}, {rule: psi, features: {a: {limit: 1}, b: }}]"
    document = yaml.safe_load(show(loaded(tmp_path, f"monitors: {{m: {{{CHURN}, checks: {entries}}}}}")))
    assert document["monitors"]["m"]["checks"] == [
        "driftd",
        {"severity": "page", "rule": "range", "features": ["age"]},
        {"rule": "psi", "features": {"a": {"limit": 1}, "b": {}}},
    ]
