"""The configuration in effect, as YAML: every default written out, every secret hidden."""

import re
from typing import Any

import yaml

from monitor.config.grammar import Config, Monitor
from monitor.config.lines import add_words
from monitor.config.mistakes import is_secret

HIDDEN = "(hidden)"
CARRIED = r"(?<!abfs)(?<!abfss)(?<!az)://[^/]*@"  # but for Azure's container@account, which is no secret


class _Dumper(yaml.SafeDumper):
    """Quotes what either YAML 1.1 or 1.2 would read as something else than text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  every value is written out
        return True


add_words(_Dumper)


def show(config: Config) -> str:
    """The effective configuration; itself a configuration, but for what is hidden."""
    document = config.model_dump(mode="json", by_alias=True, exclude={"include", "defaults"})
    for monitor in document["monitors"].values():
        monitor["checks"] = [_check(line) for line in monitor["checks"]]
    text: str = yaml.dump(redacted(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def document(monitor: Monitor) -> dict[str, Any]:
    """A monitor in effect, as JSON that `Monitor.model_validate` reads again, secrets and all.

    Its part of what the fleet may have stands there as its own: it is alone where this is read.
    """
    found = monitor.model_dump(mode="json", by_alias=True)
    found["alarm"]["false_alarms"].update(at_most=monitor.at_most, scope="monitor")
    found["checks"] = [_said(line) for line in found["checks"]]
    return found


def checks(monitor: Monitor) -> list[Any]:
    """The monitor's `checks` as they may be written."""
    return [_check(line) for line in monitor.model_dump(mode="json", by_alias=True)["checks"]]


def alarm(monitor: Monitor) -> dict[str, Any]:
    """What the monitor's `alarm` says that is not said by default, as it may be written."""
    found: dict[str, Any] = monitor.alarm.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found


def _said(line: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in line.items() if value is not None}
    if "features" in said:
        said["features"] = {glob: _said(change) for glob, change in said["features"].items()}
    return said


def _check(line: dict[str, Any]) -> Any:
    said = {name: value for name, value in line.items() if value is not None}
    if "preset" in said:
        return said["preset"]
    if "features" in said:
        said["features"] = {glob: _check(change) for glob, change in said["features"].items()}
        if not any(said["features"].values()):
            said["features"] = list(said["features"])
    return said


def redacted(value: Any, name: str = "") -> Any:
    """The document with secrets hidden: what stands under a key such as `password`, and what a URL carries.

    >>> redacted({"token": "abc", "url": "https://me:pass@host/"})
    {'token': '(hidden)', 'url': 'https://***@host/'}
    """
    if isinstance(value, dict):
        return {key: redacted(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [redacted(item, name) for item in value]
    if is_secret(name):
        return HIDDEN
    return re.sub(CARRIED, "://***@", value) if isinstance(value, str) else value
