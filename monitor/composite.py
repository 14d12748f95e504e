"""Composite: an alarm over the states of other alarms; `composing` reads it from a text.

It is in alarm where its condition holds and ok where it does not. A condition asks for a state: an alarm that has none
yet has insufficient data, so that `not ALARM(a)` holds of it and `OK(a)` does not. Or it asks whether something outside
was going on in the window, a deploy or a holiday, as people and pipelines have told it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from monitor.alarm import State

MOST_TOLD = 20
"""Alarms that a reason tells; it counts all."""


@dataclass(frozen=True, slots=True)
class Stands:
    """The alarm of this name is in this state."""

    alarm: str
    state: State


@dataclass(frozen=True, slots=True)
class During:
    """An occasion of this kind touches the window."""

    kind: str


@dataclass(frozen=True, slots=True)
class Constant:
    """Holds always, or never."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Composite"


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold."""

    parts: tuple["Composite", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts holds."""

    parts: tuple["Composite", ...]


Composite: TypeAlias = Stands | During | Constant | Not | Both | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """How a composite alarm stands, why, and how the alarms that it asks for stood then."""

    state: State
    reason: str
    children: Mapping[str, State]


def combined(composite: Composite, states: Mapping[str, State], occasions: Collection[str] = ()) -> Combined:
    """How a composite stands, from the states of the alarms that it asks for; `occasions` are of the window, by kind.

    >>> found = combined(Both((Stands("low", State.ALARM), Not(Stands("deploy", State.ALARM)))), {"low": State.ALARM})
    >>> found.state.value, found.reason
    ('alarm', 'its condition holds: low is alarm, deploy is insufficient_data')
    """
    children = {name: states.get(name, State.INSUFFICIENT_DATA) for name in references(composite)}
    is_alarm = _holds(composite, children, occasions)
    told = [f"{name} is {state}" for name, state in children.items()]
    told += [f"{'' if kind in occasions else 'not '}during {kind}" for kind in kinds(composite)]
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    says = f": {', '.join(told[:MOST_TOLD])}{more}" if told else ", whatever other alarms say"
    reason = f"its condition {'holds' if is_alarm else 'does not hold'}{says}"
    return Combined(state=State.ALARM if is_alarm else State.OK, reason=reason, children=children)


def all_combined(
    composites: Mapping[str, Composite], states: Mapping[str, State], occasions: Collection[str] = ()
) -> dict[str, Combined]:
    """How each composite stands, those first that others ask for; ValueError where they ask for each other."""
    if found := cycle(composites):
        raise ValueError(f"composite alarms ask for each other: {' -> '.join(found)}; no alarm may ask for itself")
    known, answers = dict(states), {}
    for name in _sorter(composites).static_order():
        if name in composites:
            answers[name] = combined(composites[name], known, occasions)
            known[name] = answers[name].state
    return answers


def references(composite: Composite) -> tuple[str, ...]:
    """The alarms that a composite asks for, each once.

    >>> references(Either((Stands("b", State.OK), Not(Both((Stands("a", State.ALARM), Stands("b", State.ALARM)))))))
    ('b', 'a')
    """
    return tuple(dict.fromkeys(leaf.alarm for leaf in _leaves(composite) if isinstance(leaf, Stands)))


def kinds(composite: Composite) -> tuple[str, ...]:
    """The kinds of occasions that a composite asks for, each once.

    >>> kinds(Both((Stands("low", State.ALARM), Not(During("deploy")))))
    ('deploy',)
    """
    return tuple(dict.fromkeys(leaf.kind for leaf in _leaves(composite) if isinstance(leaf, During)))


def strangers(composite: Composite, known: Collection[str]) -> tuple[str, ...]:
    """The alarms that a composite asks for and that nobody knows.

    >>> strangers(Both((Stands("low", State.ALARM), Stands("deploi", State.OK))), ["low", "deploy"])
    ('deploi',)
    """
    return tuple(name for name in references(composite) if name not in known)


def cycle(composites: Mapping[str, Composite]) -> tuple[str, ...]:
    """Names of composites of which each asks for the next, the last one being the first; empty where there are none.

    >>> cycle({"a": Stands("b", State.OK), "b": Not(Stands("a", State.ALARM)), "c": Stands("a", State.OK)})
    ('a', 'b', 'a')
    """
    try:
        _sorter(composites).prepare()
    except CycleError as found:
        names: list[str] = found.args[1][::-1]  # from what is asked for to who asks
        first = names.index(min(names))
        return (*names[first:-1], *names[: first + 1])
    return ()


def _sorter(composites: Mapping[str, Composite]) -> TopologicalSorter[str]:
    return TopologicalSorter({name: references(composite) for name, composite in composites.items()})


def _holds(composite: Composite, states: Mapping[str, State], occasions: Collection[str]) -> bool:
    match composite:
        case Stands(alarm, state):
            return states[alarm] is state
        case During(kind):
            return kind in occasions
        case Constant(holds):
            return holds
        case Not(part):
            return not _holds(part, states, occasions)
        case Both(parts):
            return all(_holds(part, states, occasions) for part in parts)
        case Either(parts):
            return any(_holds(part, states, occasions) for part in parts)


def _leaves(composite: Composite) -> Iterator[Stands | During]:
    match composite:
        case Stands() | During():
            yield composite
        case Not(part):
            yield from _leaves(part)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _leaves(part)
