"""Cause: of what kind the fault is that everything which fires together in one window points to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from monitor.feature import Categorical, Numeric
from monitor.ladder import Firing, Rung
from monitor.profile import Profile
from monitor.renaming import Categories, categories
from monitor.units import UnitChange, unit_change
from monitor.wording import count, counted, percent


class Cause(StrEnum):
    """`shape` and `concept` are what a model can be trained anew for; all others are to be mended where they arose."""

    NO_DATA = "no_data"
    PIPELINE = "pipeline"
    SCHEMA = "schema"
    UNIT_OR_SCALE = "unit_or_scale"
    CATEGORY = "category"
    SHAPE = "shape"
    CONCEPT = "concept"


TRAINABLE: Final = (Cause.SHAPE, Cause.CONCEPT)
MANY: Final = 3
"""So many features that move at once, with rows lost or from one upstream, are one fault before they are several."""
ROWS_KEPT: Final = 0.7
"""A window of fewer than this part of its usual rows has lost some."""
MOST_NAMED: Final = 5
"""Features that a sentence names; it counts all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a cause is told from: the window's profile and what it is held against.

    `usual_rows` is how many rows a window like this has, where that is known. `upstreams` says of a feature where it
    comes from, for those where somebody has said so.
    """

    now: Profile
    base: Profile
    usual_rows: float | None = None
    upstreams: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_lost_rows(self) -> bool:
        return self.usual_rows is not None and self.now.rows < ROWS_KEPT * self.usual_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A cause, why it is thought to be that in one sentence, and the `features` that show it.

    `why` names features and numbers, never a value of a row; `evidence` may name categories, so it is for reports and
    pages, not for labels.
    """

    cause: Cause
    why: str
    features: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def explained(firings: Sequence[Firing], scene: Scene) -> Explanation:
    """The cause of firings of one window, those that nothing else explains; ValueError without any.

    The lowest rung decides. On drift, what the two profiles show of each feature does; of inputs, where any fires,
    because outputs follow from them. So does an answer that stands still, where inputs show a fault by themselves.
    """
    if not firings:
        raise ValueError("explained: no firing; at least one would be right, as without one there is no cause")
    lowest = min((firing.rung for firing in firings), key=lambda rung: rung.height)
    lower = [firing for firing in firings if firing.rung is lowest]
    if lowest is Rung.DRIFT:
        return _of_drift(lower, scene)
    if lowest is Rung.QUALITY:
        moved = "the model does worse while no input is found to have moved: what it learned no longer holds"
        return Explanation(cause=Cause.CONCEPT, why=moved, features=_names(lower), evidence=_whys(lower))
    inputs = [firing for firing in firings if firing.rung is Rung.DRIFT and not firing.is_output]
    if lowest is Rung.MISSING and all(firing.is_output for firing in lower):
        shown = _shown(_names(inputs), scene)
        found = _definite(shown)
        if found is not None:
            return Explanation(
                cause=found[0], why=found[1], features=found[2], evidence=(*shown.evidence, *_whys(lower))
            )
    cause = {Rung.FRESHNESS: Cause.NO_DATA, Rung.SCHEMA: Cause.SCHEMA}.get(lowest, Cause.PIPELINE)
    return Explanation(cause=cause, why=_broken(lowest, lower, scene), features=_names(lower), evidence=_whys(lower))


def _broken(rung: Rung, firings: Sequence[Firing], scene: Scene) -> str:
    """What is wrong with the data, below drift."""
    names = _named(_names(firings))
    if rung is Rung.FRESHNESS:
        return "captures stopped before the window's end" if scene.now.rows else "no row was read"
    if all(firing.rule == "duplicates" for firing in firings):
        return "records came more than once"
    if rung is Rung.VOLUME:
        told = f"{counted(scene.now.rows, 'row')} could be read of {counted(scene.now.volume.records, 'record')}"
        usual = f", where {count(round(scene.usual_rows))} rows are usual" if scene.usual_rows is not None else ""
        return told + usual
    if rung is Rung.SCHEMA:
        return f"columns are not those of the baseline: {names}" if names else "columns are not those of the baseline"
    what = "no longer change" if all(firing.rule == "constant" for firing in firings) else "no longer come"
    return f"values of {names} {what}" if names else f"values {what}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the two profiles show of the features that moved."""

    units: Mapping[str, UnitChange]
    changes: Mapping[str, Categories]
    moved: tuple[str, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        told = [f"{name}: {change.told}" for name, change in self.units.items()]
        return (*told, *(f"{name}: {change.told}" for name, change in self.changes.items()))


def _of_drift(firings: Sequence[Firing], scene: Scene) -> Explanation:
    inputs = [firing for firing in firings if not firing.is_output]
    subject = inputs or firings
    if all(firing.is_asked and firing.feature is None for firing in subject):
        return _of_alarms(subject, scene)
    names = _names(subject)
    shown = _shown(names, scene)
    evidence = (*shown.evidence, *_whys(subject))
    found = _definite(shown) or _of_upstream(names, scene) or _of_shape(names, outputs_alone=not inputs)
    cause, why, features = found
    return Explanation(cause=cause, why=why, features=features, evidence=evidence)


def _of_alarms(firings: Sequence[Firing], scene: Scene) -> Explanation:
    """Where nothing but alarms fires that somebody configured, they explain themselves."""
    about = tuple(dict.fromkeys(name for firing in firings for name in firing.about))
    more = [f"and {len(firings) - MOST_NAMED} more"] if len(firings) > MOST_NAMED else []
    why = "; ".join([*_whys(firings[:MOST_NAMED]), *more])
    evidence = (*_shown(about, scene).evidence, *_whys(firings))
    return Explanation(cause=Cause.SHAPE, why=why, features=about, evidence=evidence)


_Found = tuple[Cause, str, tuple[str, ...]]


def _definite(shown: _Shown) -> _Found | None:
    """A fault that shows by itself. One feature's is enough where it can hardly be chance: what else moves may well be
    computed from it. Where it might be, as many must show it as merely moved."""
    known = [name for name, change in shown.units.items() if change.known]
    rest = len(shown.moved)
    if shown.units and (known or len(shown.units) >= rest):
        first = next(iter(known or shown.units))
        of_it = f"of {first} " if len(shown.units) > 1 else ""
        told = f"{_named(tuple(shown.units))} changed unit or scale: {of_it}{shown.units[first].told}"
        return Cause.UNIT_OR_SCALE, told, tuple(shown.units)
    renamed = [name for name, change in shown.changes.items() if change.renamed]
    if shown.changes and (renamed or len(shown.changes) >= rest):
        what = "were renamed" if renamed else "came or went"
        told = f"categories of {_named(tuple(renamed or shown.changes))} {what}"
        return Cause.CATEGORY, told, tuple(shown.changes)
    return None


def _of_upstream(names: tuple[str, ...], scene: Scene) -> _Found | None:
    if len(names) < MANY:
        return None
    many = f"{counted(len(names), 'feature')} moved at once"
    if scene.has_lost_rows and scene.usual_rows is not None:
        kept = percent(scene.now.rows / scene.usual_rows)
        return Cause.PIPELINE, f"{many}, and only {kept} of the usual rows came", names
    sources = {scene.upstreams.get(name) for name in names}
    others = {source for name, source in scene.upstreams.items() if name in scene.base.features} - sources
    if len(sources) == 1 and None not in sources and others:
        return Cause.PIPELINE, f"{many}, all of them from {next(iter(sources))}, and none from anywhere else", names
    return None


def _of_shape(names: tuple[str, ...], *, outputs_alone: bool) -> _Found:
    if not names:
        return Cause.SHAPE, "features no longer go together as they did", ()
    told = f"{_named(names)} moved"
    return (
        Cause.SHAPE,
        f"{told} while no input did: the model itself may have changed" if outputs_alone else told,
        names,
    )


def _shown(names: Iterable[str], scene: Scene) -> _Shown:
    now, base = scene.now.settled().features, scene.base.features
    units: dict[str, UnitChange] = {}
    changes: dict[str, Categories] = {}
    moved = []
    for name in names:
        mine, theirs = now.get(name), base.get(name)
        change = unit_change(mine, theirs) if isinstance(mine, Numeric) and isinstance(theirs, Numeric) else None
        kinds = Categories()
        if isinstance(mine, Categorical) and isinstance(theirs, Categorical):
            kinds = categories(mine, theirs)
        if change is not None:
            units[name] = change
        elif kinds.told:
            changes[name] = kinds
        else:
            moved.append(name)
    return _Shown(units, changes, tuple(moved))


def _names(firings: Iterable[Firing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(firing.feature for firing in firings if firing.feature is not None))


def _whys(firings: Iterable[Firing]) -> tuple[str, ...]:
    return tuple(_told(firing) for firing in firings)


def _told(firing: Firing) -> str:
    who = firing.rule if firing.feature is None else f"{firing.rule} of {firing.feature}"
    return f"{who}: {firing.why}" if firing.why else who


def _named(names: tuple[str, ...]) -> str:
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return " and ".join(_joined([*names[:MOST_NAMED], *more]))


def _joined(parts: Sequence[str]) -> Iterator[str]:
    if len(parts) > 1:
        yield ", ".join(parts[:-1])
    yield from parts[-1:]
