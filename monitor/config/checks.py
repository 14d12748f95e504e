"""The checks of a monitor: presets, then changes to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from monitor.config.alarm import Alarm
from monitor.config.grammar import Change, CheckLine, Config, Monitor
from monitor.config.mistakes import Key, Mistakes, Place, meant, named, place_at
from monitor.config.options import converted, type_name
from monitor.rule import Check, Rule

ALL = ("*",)
TOLERANT = ("drift", "skew")
"""The rules whose option `tolerance` is `alarm.tolerance` where that is written."""
Lines = Iterable[tuple[int, CheckLine]]


def checks_of(monitor: Monitor, rules: Mapping[str, Rule], presets: Mapping[str, Sequence[Check]]) -> tuple[Check, ...]:
    """The checks in order; a feature is judged by the last check of a rule that names it.

    An entry that names no features changes what it says, and only that, in every check of its rule so far; one that
    names features adds a check for them, with the rest as it is for all. `presets` holds both by name; "sagemaker",
    whose rules are not of this form, may be empty. Raises ConfigError with every mistake.
    """
    mistakes = Mistakes()
    found = combined(enumerate(monitor.checks), monitor.alarm, monitor.places, Shelf(rules, presets), mistakes)
    mistakes.raise_if_any()
    return found


def check_all(config: Config, rules: Mapping[str, Rule], presets: Mapping[str, Sequence[Check]]) -> None:
    """Raise ConfigError with every mistake in the checks of every monitor."""
    mistakes = Mistakes()
    for monitor in config.monitors.values():
        combined(enumerate(monitor.checks), monitor.alarm, monitor.places, Shelf(rules, presets), mistakes)
    mistakes.raise_if_any()


def checks_by(monitor: Monitor, rule: Rule) -> tuple[Check, ...]:
    """The checks of a monitor by one rule of preset "driftd"."""
    lines = [(n, line) for n, line in enumerate(monitor.checks) if line.preset is not None or line.rule == rule.name]
    shelf = Shelf({rule.name: rule}, {"driftd": [Check(rule=rule)], "sagemaker": ()})
    return combined(lines, monitor.alarm, monitor.places, shelf, Mistakes())


def asked_of(monitor: Monitor, rule: Rule, features: Iterable[str]) -> dict[str, Check]:
    """Those of these features that the monitor puts a rule of preset "driftd" to, and the check that does."""
    checks, found = checks_by(monitor, rule), {}
    for name in features:
        last = next((c for c in reversed(checks) if any(fnmatchcase(name, glob) for glob in c.features)), None)
        if last is not None and last.enabled:
            found[name] = last
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """What checks are made from."""

    rules: Mapping[str, Rule]
    presets: Mapping[str, Sequence[Check]]


def combined(
    lines: Lines, alarm: Alarm, places: Mapping[Key, Place], shelf: Shelf, mistakes: Mistakes
) -> tuple[Check, ...]:
    """The checks that these entries come to, with their mistakes told. The numbers are the entries' places."""
    tolerance = {"tolerance": alarm.tolerance} if "tolerance" in alarm.model_fields_set else {}
    work = _Combining(tolerance, places, shelf, mistakes)
    for number, line in lines:
        work.take(("checks", number), line)
    return tuple(work.checks)


class _Combining:
    def __init__(
        self, tolerance: Mapping[str, Any], places: Mapping[Key, Place], shelf: Shelf, mistakes: Mistakes
    ) -> None:
        self.checks: list[Check] = []
        self._seen: set[str] = set()
        self._has_changes = False
        self._tolerance = tolerance
        self._places = places
        self._shelf = shelf
        self._mistakes = mistakes

    def take(self, key: Key, line: CheckLine) -> None:
        if line.preset is not None:
            self._take_preset(key, line.preset)
            return
        self._has_changes = True
        name = line.rule or ""
        rule = self._shelf.rules.get(name)
        if rule is None:
            self._tell((*key, "rule"), f"rule {name!r}: unknown; {meant(name, list(self._shelf.rules))}")
        elif line.features is not None and not rule.is_about_features:
            self._tell((*key, "features"), f"rule {name!r} is asked about the whole window; remove `features`")
        else:
            self._take_rule(key, rule, line)

    def _take_preset(self, key: Key, name: str) -> None:
        if self._has_changes:
            self._tell(key, f"preset {name!r} stands after changes; presets come first")
        if name in self._seen:
            self._tell(key, f"preset {name!r} is listed twice; keep one")
            return
        self._seen.add(name)
        self.checks += [self._tolerant(check) for check in self._shelf.presets[name]]

    def _take_rule(self, key: Key, rule: Rule, line: CheckLine) -> None:
        options = self._options(key, rule, line)
        if line.features is None:
            self._change(rule, line, options)
        else:
            groups: dict[str, list[str]] = {}
            for glob, change in line.features.items():
                groups.setdefault("" if not change.model_fields_set and not change.options else glob, []).append(glob)
            for same, globs in groups.items():
                own = line.features[globs[0]]
                more = self._options((*key, "features", same), rule, own) if same else {}
                self._narrow(rule, tuple(globs), [line, own], {**options, **more})
        made = [check for check in self.checks if check.rule.name == rule.name and check.enabled]
        for name, option in rule.options.items():
            if option.is_required and any(name not in check.options for check in made):
                self._tell(key, f"rule {rule.name!r}: option {name!r} is missing; it has no default")

    def _change(self, rule: Rule, line: CheckLine, options: Mapping[str, Any]) -> None:
        """What the entry says, for all features."""
        if line.enabled is False:
            self.checks = [check for check in self.checks if check.rule.name != rule.name]
            return
        own = [i for i, check in enumerate(self.checks) if check.rule.name == rule.name]
        if not any(self.checks[i].features == ALL for i in own):
            self.checks.insert(own[0] if own else len(self.checks), self._tolerant(Check(rule=rule)))
        self.checks = [
            _changed(check, [line], options) if check.rule.name == rule.name else check for check in self.checks
        ]

    def _narrow(
        self, rule: Rule, globs: tuple[str, ...], changes: Sequence[Change], options: Mapping[str, Any]
    ) -> None:
        """What the entry says, for these features; the rest as it is for all."""
        whole = [check for check in self.checks if check.rule.name == rule.name and check.features == ALL]
        start = whole[-1] if whole else self._tolerant(Check(rule=rule))
        start = replace(start, features=globs, enabled=True)
        self.checks.append(_changed(start, changes, options))

    def _tolerant(self, check: Check) -> Check:
        known = check.rule.name in TOLERANT and "tolerance" in check.rule.options
        return replace(check, options={**check.options, **self._tolerance}) if known else check

    def _options(self, key: Key, rule: Rule, change: Change) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in change.options.items():
            option = rule.options.get(name)
            if option is None:
                known = [*rule.options, "features", "severity", "required", "enabled"]
                self._tell((*key, name), f"rule {rule.name!r}: unknown option {name!r}; {meant(name, known)}")
                continue
            try:
                found[name] = converted(option, value)
            except ValueError as error:
                shown = named(value, place_at(self._places, (*key, name)))
                what = f"rule {rule.name!r}: option {name!r} takes {type_name(option)}: {shown} {error}"
                self._tell((*key, name), what)
        return found

    def _tell(self, key: Key, what: str) -> None:
        self._mistakes.tell(place_at(self._places, key), what)


def _changed(check: Check, changes: Sequence[Change], options: Mapping[str, Any]) -> Check:
    for change in changes:
        said = {"severity": change.severity, "required": change.required, "enabled": change.enabled}
        check = replace(check, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]
    return replace(check, options={**check.options, **options})
