"""A configuration from its files, with every mistake at once."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config import asking
from monitor.config.alarm import Alarm
from monitor.config.checks import Shelf, check_all, checks_of, combined
from monitor.config.engine import engine_of
from monitor.config.environment import expanded
from monitor.config.grammar import CheckLine, Config, Monitor
from monitor.config.lines import Node, read
from monitor.config.mistakes import Key, Mistakes, Place, meant, named, place_at
from monitor.config.tree import included, laid, spelled
from monitor.config.validation import told, validated
from monitor.formats import known
from monitor.rule import Check, Rule

RULES = "rules/"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


def load(
    path: Path,
    *,
    formats: Collection[str] = (),
    rules: Mapping[str, Rule] | None = None,
    presets: Mapping[str, Sequence[Check]] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """The configuration of a file and what it includes, paths absolute, names of the environment filled in.

    Raises ConfigError with a line for every mistake. With `rules` and `presets` (both, or neither) those in
    `checks` are among them; `rule_folders` tells beforehand where rules are to be found.
    """
    mistakes = Mistakes(str(path))
    root = read(path, mistakes)
    config = None
    if root is not None and not isinstance(root.value, dict):
        mistakes.tell(root.place, f"{named(root.plain())} at the top; `monitors:` with one monitor would be right")
    elif root is not None:
        shelf = Shelf(rules, presets) if rules is not None and presets is not None else None
        config = _Loading(path, formats, shelf, environment or {}, mistakes).config(root)
    mistakes.raise_if_any()
    assert config is not None
    return config


def rule_folders(path: Path, environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders with rules that a configuration names, whatever else is wrong in it; those that exist."""
    root = read(path, Mistakes())
    root = None if root is None else expanded(root, environment or {}, Mistakes())
    given = root.plain().get("rules") if root is not None and isinstance(root.value, dict) else None
    texts = [RULES] if given is None else given if isinstance(given, list) else [given]
    folders = [path.parent.absolute() / text for text in texts if isinstance(text, str) and text]
    return tuple(folder for folder in folders if folder.is_dir())


class _Loading:
    def __init__(
        self,
        path: Path,
        formats: Collection[str],
        shelf: Shelf | None,
        environment: Mapping[str, str],
        mistakes: Mistakes,
    ) -> None:
        self._path = path
        self._context = {"folder": path.parent.absolute(), "formats": tuple(formats or known())}
        self._shelf = shelf
        self._environment = environment
        self._mistakes = mistakes
        self._engine: Any = "local"

    def config(self, root: Node) -> Config | None:
        """The whole of it; None when a mistake was told."""
        root = spelled(expanded(root, self._environment, self._mistakes), Config)
        written = root.value.get("monitors")
        monitors = included(root, self._path, self._environment, self._mistakes)
        defaults = self._defaults(root.value.get("defaults"))
        if "engine" in root.value:
            with suppress(ValueError):  # told of the key itself
                self._engine = engine_of(root.value["engine"].plain())
        found = dict(self._monitors(monitors, defaults))
        data = {name: node.plain() for name, node in root.value.items()}
        if written is None or written.value is None or isinstance(written.value, dict):
            data["monitors"] = found
            if not monitors and not ("include" in data and self._mistakes):
                what = "no monitor; `monitors: {churn: {captures: ..., baseline: ...}}` would be right"
                self._mistakes.tell(written.place if written is not None else root.place, what)
        if "rules" not in data and (self._context["folder"] / RULES).is_dir():  # type: ignore[operator]
            data["rules"] = [RULES]
        config = validated(Config, data, dict(root.places()), self._context, self._mistakes)
        if config is not None:
            self._notified(config, dict(root.places()))
            self._acted(config)
        return config

    def _notified(self, config: Config, places: Mapping[Key, Place]) -> None:
        """A monitor tells routes that there are."""
        known = [route.name for route in config.routes]
        for monitor in config.monitors.values():
            for name in monitor.notify or ():
                if name not in known:
                    place = place_at(monitor.places, ("notify",)) or place_at(places, ("monitors",))
                    right = meant(name, known) if known else "there are none; `routes:` with one would be right"
                    self._mistakes.tell(place, f"monitor {monitor.name!r}: route {name!r}: unknown; {right}")

    def _acted(self, config: Config) -> None:
        """An action is on an alarm that there is."""
        for monitor in config.monitors.values():
            for at, one in enumerate(monitor.actions):
                if one.alarm not in monitor.alarms:
                    place = place_at(monitor.places, ("actions", at, "alarm"))
                    right = meant(one.alarm, [*monitor.alarms]) if monitor.alarms else "there are none under `alarms`"
                    what = f"monitor {monitor.name!r}: action {one.name!r}: alarm {one.alarm!r}: unknown; {right}"
                    self._mistakes.tell(place, what)

    def _defaults(self, node: Node | None) -> Node | None:
        """Defaults, held against the grammar by themselves: a mistake that every monitor overrides is one too."""
        if node is None or not isinstance(node.value, dict):
            return None
        whole = spelled(node, Monitor)
        context = {**self._context, "name": "", "places": {}}
        places = dict(whole.places())
        told(Monitor, whole.plain(), places, context, self._mistakes, is_whole=False)
        return whole

    def _monitors(self, nodes: Mapping[str, Node], defaults: Node | None) -> Iterator[tuple[str, Monitor]]:
        for name, node in nodes.items():
            if not NAME.fullmatch(name):
                what = f"{named(name)} is no name for a monitor; letters, digits and - _ . would be right (at most 63)"
                self._mistakes.tell(node.place, what)
            whole = spelled(node, Monitor)
            if defaults is not None:
                whole = laid(defaults, whole, Monitor)
            monitor = self._monitor(name, whole, len(nodes))
            if monitor is not None:
                yield name, monitor

    def _monitor(self, name: str, node: Node, fleet: int) -> Monitor | None:
        data, places = node.plain(), dict(node.places())
        if isinstance(data, dict):
            data.setdefault("engine", self._engine)
            endpoint = data.setdefault("endpoint", {"name": name})
            if isinstance(endpoint, dict):
                endpoint.setdefault("name", name)
        context = {**self._context, "name": name, "places": places, "fleet": fleet}
        found = told(Monitor, data, places, context, self._mistakes)
        if isinstance(found, Monitor):
            asking.told(found.alarms, places, self._mistakes)
        if self._shelf is not None:
            self._check(found, data, places, self._shelf)
        return found if isinstance(found, Monitor) else None

    def _check(self, found: Monitor | set[Key], data: Any, places: Mapping[Key, Place], shelf: Shelf) -> None:
        """The mistakes of its checks; of a monitor with other mistakes, of what holds of each entry."""
        if isinstance(found, Monitor):
            combined(enumerate(found.checks), found.alarm, places, shelf, self._mistakes)
            return
        entries = data.get("checks") if isinstance(data, dict) else None
        if isinstance(entries, list):
            combined(_what_holds(entries, found), Alarm(), places, shelf, self._mistakes)


def _what_holds(entries: Sequence[Any], wrong: Set[Key]) -> Iterator[tuple[int, CheckLine]]:
    """Entries of `checks` without the keys that are mistakes; those that are none without them are left out."""
    for number, entry in enumerate(entries):
        if isinstance(entry, dict):
            gone = {key[2] for key in wrong if key[:2] == ("checks", number) and len(key) > 2}
            with suppress(ValidationError):
                yield number, CheckLine.model_validate({n: v for n, v in entry.items() if n not in gone})


__all__ = ["check_all", "checks_of", "load", "rule_folders"]
