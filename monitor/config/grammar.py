"""The keys of a configuration. What is not here is a mistake; what comes later is said to."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from monitor import problem as words
from monitor.condition import Condition
from monitor.config.actions import Actions
from monitor.config.alarm import Alarm
from monitor.config.alarms import Alarms
from monitor.config.captures import Captures, Column
from monitor.config.engine import EngineName
from monitor.config.mistakes import Key, Place
from monitor.config.parts import Folder, Location, LongDuration, Part, Script, Size, Texts, folder_of
from monitor.config.problem import Problem
from monitor.config.routes import PageCap, Routes
from monitor.config.schedule import Schedule
from monitor.config.service import Log, Metrics, Store, Web
from monitor.config.truth import Truth
from monitor.expression import parsed
from monitor.roles import Roles
from monitor.sizes import DEEPEST, STANDARD, Sizes


class Endpoint(Part):
    """The served model whose traffic is captured."""

    SCALAR: ClassVar[str] = "name"

    name: str | None = None
    variant: str | None = None
    model: str | None = None
    version: str | None = None


class Columns(Part):
    """What columns are for. Names; lists also take globs."""

    prediction: Texts = ()
    probability: Texts = ()
    truth: Column = None
    id: Column = None
    time: Column = None
    version: Column = None
    exclude: Texts = ()
    categorical: Texts = ()

    @model_validator(mode="after")
    def _one_role_each(self) -> "Columns":
        given = [*self.roles.known.items(), *(("prediction", n) for n in self.roles.outputs)]
        names = [name for _, name in given]
        for name in names:
            if names.count(name) > 1:
                both = " and ".join(dict.fromkeys(role for role, other in given if other == name))
                if both != "prediction":
                    raise ValueError(f"column {name!r} is {both}; one role each would be right")
        return self

    @property
    def roles(self) -> Roles:
        """The same as batches are told."""
        return Roles(**{name: getattr(self, name) for name in type(self).model_fields})


class Change(Part):
    """What a check may say besides its rule: severity and the like, and any option of the rule."""

    model_config = ConfigDict(extra="allow")

    severity: Literal["info", "warning", "page"] | None = None
    required: bool | None = None
    enabled: bool | None = None

    @property
    def options(self) -> Mapping[str, Any]:
        """What is left: options of the rule, as written."""
        return self.model_extra or {}


def _features(value: Any) -> Any:
    found = [value] if isinstance(value, str) else value
    if isinstance(found, list) and found and all(isinstance(glob, str) and glob for glob in found):
        return {glob: {} for glob in found}
    if not isinstance(found, dict) or not found:
        raise ValueError("is not a list of features; names or globs would be right: [age, 'amount_*']")
    return {glob: {} if change is None else change for glob, change in found.items()}


class CheckLine(Change):
    """An entry of `checks`: a preset, or a rule with what is to be different."""

    SCALAR: ClassVar[str] = "preset"

    preset: Literal["driftd", "sagemaker"] | None = None
    rule: str | None = None
    features: Annotated[Mapping[str, Change], BeforeValidator(_features)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "CheckLine":
        if (self.preset is None) == (self.rule is None):
            raise ValueError("needs a preset or a rule; driftd or {rule: range, severity: page} would be right")
        if self.preset is not None and (self.model_fields_set != {"preset"} or self.options):
            raise ValueError("has a preset with more keys; a preset stands alone, and changes to it follow")
        return self


class Limits(Part):
    """What user rules, transforms and scripts may use, for one window; and how large one thing in a capture may be."""

    memory: Size = 1 << 30
    time: LongDuration = timedelta(minutes=15)
    line: Size = STANDARD.line
    depth: int = Field(default=STANDARD.depth, ge=1, le=DEEPEST)
    columns: int = Field(default=STANDARD.columns, ge=1, le=1 << 20)
    values: int = Field(default=STANDARD.values, ge=1, le=1 << 26)
    unpacked: int = Field(default=STANDARD.unpacked, ge=1, le=1 << 20)

    @property
    def sizes(self) -> Sizes:
        """The limits of what is read."""
        given = {name: getattr(self, name) for name in ("depth", "columns", "values", "unpacked")}
        return Sizes(line=min(self.line, 1 << 30), **given)


class Retention(Part):
    """How long what was found is kept: report folders on the disk, results and window profiles in the store."""

    reports: LongDuration = timedelta(days=90)
    results: LongDuration = timedelta(days=400)


def _labels(value: Any) -> Any:
    if isinstance(value, dict):
        wrong = [name for name in value if not re.fullmatch(r"(?!__)[A-Za-z_][A-Za-z0-9_]*", name)]
        if wrong:
            raise ValueError(f"has label {wrong[0]!r}; letters, digits and _ would be right, not a digit or __ first")
    return value


Labels: TypeAlias = Annotated[Mapping[str, str], BeforeValidator(_labels)]


def _where(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("is not a condition; a text such as 'test_traffic is null' would be right")
    parsed(value)
    return value


def _checks(value: Any) -> Any:
    if isinstance(value, list):
        if not value:
            raise ValueError("has no check, and would judge nothing; [driftd] would be right")
        return tuple(value)
    return value


class Monitor(Part):
    """One model watched. `name` is its key; `places` says where each of its values is written."""

    LATER: ClassVar[tuple[str, ...]] = ("segments", "facets", "attributions")

    enabled: bool = True
    endpoint: Endpoint = Endpoint()
    captures: Captures = Field(examples=["captures: data/captures/churn"])
    columns: Columns = Columns()
    problem: Problem | None = None
    where: Annotated[str | None, BeforeValidator(_where)] = None
    truth: Truth | None = None
    baseline: Location = Field(examples=["baseline: baselines/churn"])
    schedule: Schedule = Schedule.model_validate({})
    checks: Annotated[tuple[CheckLine, ...], BeforeValidator(_checks)] = (CheckLine(preset="driftd"),)
    alarm: Alarm = Alarm()
    alarms: Alarms = Field(default_factory=dict)
    actions: Actions = ()
    shadow: bool = False
    labels: Labels = Field(default_factory=dict)
    owner: str = ""
    runbook: str = ""
    notify: Texts | None = None
    preprocess: Script = None
    postprocess: Script = None
    limits: Limits = Limits()
    retention: Retention = Retention()
    engine: EngineName = "local"

    _name: str = PrivateAttr(default="")
    _places: Mapping[Key, Place] = PrivateAttr(default_factory=dict)
    _fleet: int = PrivateAttr(default=1)

    def model_post_init(self, context: Any) -> None:
        if context is not None:
            self._name, self._places = context["name"], context["places"]
            self._fleet = context.get("fleet", 1)

    @property
    def name(self) -> str:
        return self._name

    @property
    def places(self) -> Mapping[Key, Place]:
        return self._places

    @property
    def at_most(self) -> float:
        """How many false alarms are to be expected of it in `per`: its part where the fleet has them together."""
        false_alarms = self.alarm.false_alarms
        return false_alarms.at_most / (self._fleet if false_alarms.scope == "fleet" else 1)

    @property
    def asked(self) -> words.Problem | None:
        """The problem, with the columns that hold its answers."""
        return None if self.problem is None else self.problem.of(self.columns.roles)

    @property
    def condition(self) -> Condition | None:
        """What `where` asks of a row."""
        return None if self.where is None else parsed(self.where)

    @property
    def presets(self) -> tuple[str, ...]:
        """The presets that its checks name."""
        return tuple(line.preset for line in self.checks if line.preset is not None)


def _folders(value: Any, info: ValidationInfo) -> tuple[Path, ...]:
    folders = tuple(folder_of(info) / text for text in _given_folders(value))
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(f"names {str(folder)!r}, and there is no such folder; one with rule files would be right")
    return folders


def _given_folders(value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise ValueError("is not a list of folders; [rules/] would be right")
    return found


class Config(Part):
    """A whole configuration; what is included and laid under is in `monitors` already."""

    state: Folder = Field(default="state/", validate_default=True)
    store: Store = Store()
    workers: int = Field(default=2, ge=1, le=64)
    grace: LongDuration = timedelta(seconds=90)
    web: Web = Web()
    log: Log = Log()
    metrics: Metrics = Metrics()
    rules: Annotated[tuple[Path, ...], BeforeValidator(_folders)] = ()
    engine: EngineName = "local"
    routes: Routes = ()
    page_cap: PageCap = PageCap()
    include: Texts = ()
    defaults: Mapping[str, Any] = Field(default_factory=dict)
    monitors: Mapping[str, Monitor] = Field(examples=["monitors: {churn: {captures: ..., baseline: ...}}"])
