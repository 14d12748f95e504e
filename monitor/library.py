"""Library: `make_baseline` and `check`, for notebooks and training jobs; the command line calls them too."""

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias

from monitor import rulepath
from monitor.baseline import Baseline
from monitor.baselines import add, digest_of, load
from monitor.batch import Expected
from monitor.condition import Both, Condition
from monitor.engines.engine import Engine
from monitor.engines.named import engine_of
from monitor.errors import InputError
from monitor.evaluate import Order, Outcome, evaluate, expected
from monitor.expression import parsed
from monitor.intake import Intake, Source
from monitor.making import make
from monitor.place import Place, place
from monitor.problem import Problem
from monitor.reading import Reading
from monitor.render.markdown import markdown
from monitor.render.notebook import html
from monitor.report import Report
from monitor.roles import Roles
from monitor.rule import Check
from monitor.schedule import Schedule
from monitor.scripts.preprocess import Preprocessed
from monitor.scripts.script import Script
from monitor.sizes import STANDARD, Sizes
from monitor.tables import InMemory
from monitor.threads import usable
from monitor.truth.awaiting import Awaiting
from monitor.truth.delivery import Form as Delivered
from monitor.truth.gathered import gathered
from monitor.truth.shelf import Shelf

Columns: TypeAlias = Mapping[str, Any] | Roles | None
Asked: TypeAlias = str | Mapping[str, Any] | Problem | None
Where: TypeAlias = str | Condition | None
Preset: TypeAlias = Literal["driftd", "sagemaker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How files are read: format, whether tables have a header, a script in the format's place, who is told of each
    block that is done with, limits of what is read, where that is done, and where labels are that come apart."""

    format: str = "auto"
    header: str = "auto"
    preprocess: Script | None = None
    watch: Callable[[int], None] | None = None
    sizes: Sizes = STANDARD
    engine: str | Mapping[str, Any] | Engine = "local"
    truth: Sequence[Place] = ()


class MadeBaseline(Baseline):
    """A baseline that can be saved."""

    __slots__ = ()

    def save(self, path: str | os.PathLike[str]) -> "MadeBaseline":
        """Add a version to a baseline folder, as `driftd baseline make` does; the first becomes its current one.

        Returns the baseline as it is stored, with the name of its folder and its version.
        """
        return _saveable(add(place(path), self))


class ShownReport(Report):
    """A report that shows itself in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return html(self)

    def _repr_markdown_(self) -> str:
        return markdown(self)


def make_baseline(
    table: Any,
    columns: Columns = None,
    where: Where = None,
    name: str = "baseline",
    sample: int = 0,
    problem: Asked = None,
) -> MadeBaseline:
    """A baseline from a pandas DataFrame, an Arrow table, or files (a path or several).

    `columns` says what columns are for and `where` which rows are meant, as in a configuration:
    `columns={"prediction": "score", "id": "request_id"}`, `where="test_traffic is null"`. Warns of columns so named
    that the table does not have. Up to `sample` of the rows themselves are kept, for rules that compare rows. With a
    `problem` ("binary", or as in a configuration: `{"kind": "binary", "positive": "yes"}`) predictions are held against
    the column `truth`, here and in every window of rows that have it.
    """
    found, notes = made(table, columns, where, name=name, sample=sample, problem=problem)
    _warn(notes)
    features = dict(sorted(found.profile.features.items()))  # as they come back from a folder
    profile = replace(found.profile, features=features)
    return _saveable(replace(found, profile=profile, digest=digest_of(profile)))


def check(
    table: Any,
    baseline: Baseline | str | os.PathLike[str],
    rules: str | os.PathLike[str] | None = None,
    columns: Columns = None,
    where: Where = None,
    preset: Preset = "driftd",
    engine: str | Mapping[str, Any] | Engine = "local",
) -> ShownReport:
    """The report on a table against a baseline, which may be a folder: `driftd check`.

    `rules` is a folder of your own rules, all put besides the preset's. Files may be read by an `engine`: `processes`,
    `spark`, or one of your own (docs/engines.md). The rest is as for `make_baseline`; give both the same `columns`.
    """
    outcome = judged(table, baseline, rules, columns, where, preset, Form(engine=engine))
    _warn(outcome.notes)
    return ShownReport(**{field.name: getattr(outcome.report, field.name) for field in fields(Report)})


def made(
    table: Any,
    columns: Columns,
    where: Where,
    *,
    name: str,
    form: Form | None = None,
    schedule: Schedule | None = None,
    sample: int = 0,
    problem: Asked = None,
) -> tuple[Baseline, tuple[str, ...]]:
    """A baseline that is not stored yet, and notes on columns that were not found; its history by the windows of a
    `schedule`, with up to `sample` of its rows, and what came of predictions where there is a `problem`."""
    form = form or Form()
    source = _source(table, Expected(header=form.header, sizes=form.sizes), form)
    if form.preprocess is not None and isinstance(source, Reading):
        source = Preprocessed(source, form.preprocess)
    intake = Intake(source, _roles(columns), _condition(where))
    made_at = datetime.now(UTC)  # noqa: TID251  provenance; no finding depends on it
    asked = _problem(problem)
    return make(intake, name=name, made_at=made_at, schedule=schedule, sample=sample, problem=asked), intake.notes


def judged(
    table: Any,
    baseline: Baseline | str | os.PathLike[str],
    rules: str | os.PathLike[str] | None,
    columns: Columns,
    where: Where,
    preset: Preset,
    form: Form | None = None,
) -> Outcome:
    """The report with all that it rests on."""
    form = form or Form()
    base = baseline if isinstance(baseline, Baseline) else load(place(baseline))
    roles, condition = _roles(columns), _condition(where)
    known = rulepath.find([Path(rules)] if rules is not None else [])
    if preset not in ("driftd", "sagemaker"):
        raise InputError(f"preset {preset!r}: unknown; driftd or sagemaker would be right")
    shipped = rulepath.preset(known.rules) if preset == "driftd" else ()
    own = tuple(Check(rule=known.rules[name]) for name in known.users)
    order = Order(
        monitor=base.name,
        checks=(*shipped, *own),
        sagemaker=preset == "sagemaker",
        rules=known,
        roles=roles,
        where=condition,
        preprocess=form.preprocess,
        threads=usable(),
    )
    source = _source(table, expected(base, form.header, form.sizes), form)
    engine = engine_of(form.engine, order.limits)
    if not form.truth:
        return evaluate(source, base, order, engine)
    with TemporaryDirectory(prefix="driftd-") as folder:
        labels = gathered(form.truth, Delivered(sizes=form.sizes), Path(folder))
        truth = _awaiting(base, labels.shelf, Path(folder))
        outcome = evaluate(source, base, replace(order, truth=truth), engine)
    return replace(outcome, notes=(*outcome.notes, *labels.notes))


def _awaiting(base: Baseline, shelf: Shelf, folder: Path) -> Awaiting:
    if base.profile.quality is None:
        right = "one that was made with a problem would be right: regression, binary or multiclass"
        raise InputError(f"truth: baseline {base.name!r} does not say what question the model answers; {right}")
    return Awaiting(problem=base.profile.quality.problem, path=folder / "predictions.arrow", shelf=shelf)


def _source(table: Any, expected: Expected, form: Form) -> Source:
    """Files where paths are given, otherwise the table itself."""
    if isinstance(table, str | os.PathLike):
        table = [table]
    if isinstance(table, Sequence) and table and all(isinstance(path, str | os.PathLike) for path in table):
        return Reading([place(path) for path in table], expected, form.format, watch=form.watch)
    return InMemory(table)


def _roles(columns: Columns) -> Roles:
    if isinstance(columns, Roles):
        return columns
    if not columns:
        return Roles()
    from monitor.config.columns import roles_of  # pydantic comes with it, and `driftd check` asks for no roles

    return roles_of(columns)


def _problem(problem: Asked) -> Problem | None:
    if problem is None or isinstance(problem, Problem):
        return problem
    from monitor.config.columns import problem_of  # as for roles

    return problem_of(problem)


def _condition(where: Where) -> Condition | None:
    if not isinstance(where, str):
        return where
    try:
        return parsed(where)
    except ValueError as error:
        raise InputError(f"where: {error}") from None


def together(first: Where, second: Where) -> Condition | None:
    """What both ask."""
    parts = tuple(part for part in (_condition(first), _condition(second)) if part is not None)
    return Both(parts) if len(parts) == 2 else next(iter(parts), None)


def _saveable(baseline: Baseline) -> MadeBaseline:
    return MadeBaseline(**{field.name: getattr(baseline, field.name) for field in fields(Baseline)})


def _warn(notes: Sequence[str]) -> None:
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=3)
