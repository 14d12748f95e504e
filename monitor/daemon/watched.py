"""A configuration, loaded whole: monitors as the daemon and its workers need them. What fails leaves the old one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monitor import configured, rulepath
from monitor.catchup import Catchup
from monitor.child.limits import Limits
from monitor.config.grammar import Config, Monitor
from monitor.config.load import load, rule_folders
from monitor.config.show import document, show
from monitor.daemon.banded import Memory
from monitor.daemon.receivers import receivers
from monitor.errors import ConfigError
from monitor.place import PROTOCOLS, Url
from monitor.rulepath import RulePath
from monitor.sagemaker.violations import TYPES
from monitor.schedule import Schedule

LIBRARIES = {"s3": "s3fs", "gcs": "gcsfs", "azure": "adlfs"}
"""By the extra that brings them; each takes longer to load than a window to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A monitor: its configuration, the same as a worker is told it, when its windows end, the rules it asks, and
    whether its windows are followed. `external_url` is where people find this daemon, empty where nobody said it;
    `memory` is of what its alarms have learned, while this configuration holds."""

    name: str
    monitor: Monitor
    document: Mapping[str, Any]
    schedule: Schedule
    catchup: Catchup
    rules: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    is_followed: bool = False
    external_url: str = ""
    memory: Memory = field(default_factory=Memory, compare=False)

    @property
    def limits(self) -> Limits:
        """What the worker of one of its windows may use."""
        limits = self.monitor.limits
        return Limits(memory_bytes=limits.memory, seconds=limits.time.total_seconds())

    def link(self, incident: str) -> str:
        """Where somebody can look at an incident of it; empty where nobody said where this daemon answers."""
        return f"{self.external_url}/incidents/{quote(incident, safe='')}" if self.external_url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration with its rules, and its monitors by name, in their order. `text` is the configuration in effect,
    as YAML, without secrets; of many monitors it takes a third of a second to write, and `digest` is of it."""

    path: Path
    config: Config
    text: str = field(repr=False)
    digest: str
    described: Sequence[Mapping[str, Any]]
    monitors: Mapping[str, Watched] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """What relative paths are relative to."""
        return self.path.parent.absolute()

    @property
    def reports(self) -> Path:
        return self.config.state / "reports"

    @property
    def libraries(self) -> tuple[str, ...]:
        """Those that speak to the object stores which captures, labels and baselines lie in."""
        monitors = self.config.monitors.values()
        places = [place for one in monitors for place in (one.captures.path, one.baseline)]
        places += [one.truth.path for one in monitors if one.truth is not None]
        extras = {PROTOCOLS[place.protocol] for place in places if isinstance(place, Url)}
        return tuple(sorted(LIBRARIES[extra] for extra in extras))


def loaded(path: Path, environment: Mapping[str, str]) -> Loaded:
    """Everything that the file names, but for what may be away for a while (captures, baselines).

    Raises ConfigError or RuleError with a line for every mistake.
    """
    described = rulepath.described(rule_folders(path, environment))
    rules = rulepath.assembled(described)
    presets = {"driftd": rulepath.preset(rules.rules), "sagemaker": ()}
    config = load(path, rules=rules.rules, presets=presets, environment=environment)
    text = show(config)
    receivers(config)  # a secret that cannot be read is a mistake as any other
    return Loaded(
        path=path,
        config=config,
        text=text,
        digest=configured.digest_of(text),
        described=described,
        monitors={name: _watched(name, monitor, rules, config) for name, monitor in config.monitors.items()},
    )


def _watched(name: str, monitor: Monitor, rules: RulePath, config: Config) -> Watched:
    is_followed = configured.follows(monitor, rules)
    checks = configured.checks(monitor, rules, is_followed=is_followed)
    theirs = TYPES if "sagemaker" in monitor.presets else ()
    names = tuple(dict.fromkeys((*theirs, *(check.rule.name for check in checks if check.enabled))))
    return Watched(
        name=name,
        monitor=monitor,
        document=document(monitor),
        schedule=monitor.schedule.timetable,
        catchup=monitor.schedule.catchup.bounds,
        rules=names,
        users=tuple(rule for rule in names if rule in rules.users),
        is_followed=is_followed,
        external_url=config.web.external_url,
    )


def needs_restart(old: Config, new: Config) -> None:
    """Raise ConfigError where a reload would change what is fixed at the start."""
    fixed = {
        "state": (old.state, new.state),
        "store": (old.store, new.store),
        "workers": (old.workers, new.workers),
    }
    changed = [name for name, (before, after) in fixed.items() if before != after]
    if changed:
        raise ConfigError(f"{', '.join(changed)}: cannot change while driftd runs; restart it")
