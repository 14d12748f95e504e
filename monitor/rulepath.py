"""The rule path: the shipped rules, and those in the user's folders, which are looked at in a child process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import monitor.builtin
from monitor.child.limits import ChildFailed, Limits
from monitor.child.parent import Child
from monitor.errors import RuleError
from monitor.rule import Check, Option, Rule
from monitor.rulefile import load

HANDLER = "monitor.user_code:serve"
TYPES: Mapping[str, Any] = {
    "float": float,
    "int": int,
    "bool": bool,
    "str": str,
    "timedelta": timedelta,
    "list[str]": list[str],
    "float | None": float | None,
    "int | None": int | None,
    "str | None": str | None,
}
PRESET = (
    "volume", "freshness", "duplicates", "missing_column", "extra_column", "data_type", "completeness",
    "unseen_category", "non_negative", "range", "outliers", "constant", "mean_shift", "drift", "skew",
    "prediction_drop", "model_quality",
)  # fmt: skip
WITHOUT_HISTORY = ("outliers", "mean_shift", "prediction_drop")
"""What the preset leaves out where windows are followed: each holds one window's move against a fixed limit, which a
rhythm of days crosses every night; drift follows the same cells under its budget."""
REQUIRED = ("volume", "missing_column", "completeness", "drift")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePath:
    """All rules by name, which of them are the user's, and the user's transforms as (path, name)."""

    rules: Mapping[str, Rule]
    users: tuple[str, ...] = ()
    transforms: tuple[tuple[str, str], ...] = ()
    shipped: tuple[str, ...] = field(default=())


def shipped() -> dict[str, Rule]:
    """The rules in `monitor/builtin`, by name."""
    folder = Path(monitor.builtin.__path__[0])
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("[!_]*.py")):
        found.update(load(path).rules)
    return found


def find(folders: Sequence[Path] = (), limits: Limits | None = None) -> RulePath:
    """The rule path. A folder that does not exist, a file that does not load, a name found twice: RuleError, each
    mistake on a line of its own."""
    return assembled(described(folders, limits))


def described(folders: Sequence[Path], limits: Limits | None = None) -> list[dict[str, Any]]:
    """What the rule files in these folders hold, as JSON: `assembled` makes the rule path of it, here or elsewhere."""
    return _describe([path for folder in folders for path in rule_files(folder)], limits or Limits(seconds=10))


def assembled(files: Sequence[Mapping[str, Any]]) -> RulePath:
    """The shipped rules and those of described files. Raises RuleError as `find` does."""
    rules = shipped()
    names = tuple(rules)
    transforms: list[tuple[str, str]] = []
    mistakes: list[str] = []
    for file in files:
        if "error" in file:
            mistakes.append(file["error"])
            continue
        transforms += [(file["path"], name) for name in file["transforms"]]
        for document in file["rules"]:
            rule = _rule(document, file["path"])
            if rule.name in rules:
                other = rules[rule.name].path
                mistakes.append(f"{rule.path}: rule {rule.name!r} is already defined in {other}; give it another name")
            rules[rule.name] = rule
    if mistakes:
        raise RuleError("\n".join(mistakes))
    users = tuple(name for name in rules if name not in names)
    return RulePath(rules=rules, users=users, transforms=tuple(transforms), shipped=names)


def rule_files(folder: Path) -> list[Path]:
    """The rule files of a folder: `*.py`, but for those that begin with `_`, `.` or `test_`."""
    if not folder.is_dir():
        raise RuleError(f"{folder}: no such folder; give one that holds rule files (*.py)")
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith(("_", ".", "test_"))]


def preset(rules: Mapping[str, Rule], *, is_followed: bool = False) -> tuple[Check, ...]:
    """The checks of preset `driftd`, for one window alone or for windows that are followed."""
    names = [name for name in PRESET if not (is_followed and name in WITHOUT_HISTORY)]
    return tuple(Check(rule=rules[name], required=name in REQUIRED) for name in names)


def _describe(files: Sequence[Path], limits: Limits) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if not files:
        return found
    with Child(HANDLER, limits) as child:
        for path in files:
            try:
                found += child.call({"do": "describe", "paths": [str(path.resolve())]})[0]["files"]
            except ChildFailed as error:
                found.append({"path": str(path), "error": f"{path}: cannot be loaded: {error.why}"})
    return found


def _rule(document: Mapping[str, Any], path: str) -> Rule:
    options = {
        name: Option(type=TYPES.get(option["type"].replace("datetime.", ""), Any), **_default(option))
        for name, option in document["options"].items()
    }
    return Rule(
        name=document["name"],
        subject=document["subject"],
        doc=document["doc"],
        options=options,
        judge=_elsewhere,
        path=path,
        is_against_rows=document.get("is_against_rows", False),
    )


def _default(option: Mapping[str, Any]) -> dict[str, Any]:
    if "default" not in option:
        return {}
    is_time = option["type"].endswith("timedelta")
    return {"default": timedelta(seconds=option["default"]) if is_time else option["default"]}


def _elsewhere(*_: Any, **__: Any) -> None:
    raise RuleError("a user's rule is judged in a child process only")
