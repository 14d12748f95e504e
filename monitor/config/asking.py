"""Which alarms of a monitor ask for which: names that nobody knows, and circles."""

from collections.abc import Iterator, Mapping

from monitor.alarm import State
from monitor.composite import Composite, Stands, cycle, strangers
from monitor.config.alarms import AlarmLine
from monitor.config.mistakes import Key, Mistakes, Place, meant, place_at

NOBODY = "while all are in alarm nobody would be told; one without a suppressor would be right"


def told(lines: Mapping[str, AlarmLine], places: Mapping[Key, Place], mistakes: Mistakes) -> None:
    """Tell every mistake; `places` are those of the monitor."""
    for key, what in _mistakes(lines):
        mistakes.tell(place_at(places, ("alarms", *key)), what)


def _mistakes(lines: Mapping[str, AlarmLine]) -> Iterator[tuple[Key, str]]:
    combined = {name: line.combination for name, line in lines.items() if line.combination is not None}
    for name, composite in combined.items():
        for stranger in strangers(composite, lines):
            yield (name, "composite"), f"alarm {stranger!r}: unknown; {_meant(stranger, name, lines)}"
    for circle in _circles(combined):
        chain = " -> ".join(circle)
        yield (circle[0], "composite"), f"asks for itself: {chain}; a condition without that would be right"
    suppressors = {name: line.suppressor.alarm for name, line in lines.items() if line.suppressor is not None}
    for name, suppressor in suppressors.items():
        if suppressor == name:
            yield (name, "suppressor", "alarm"), f"is the alarm itself; {_meant(suppressor, name, lines)}"
        elif suppressor not in lines:
            yield (name, "suppressor", "alarm"), f"alarm {suppressor!r}: unknown; {_meant(suppressor, name, lines)}"
    others = {name: Stands(other, State.ALARM) for name, other in suppressors.items() if other != name}
    for circle in _circles(others):
        yield (circle[0], "suppressor", "alarm"), f"goes in a circle: {' -> '.join(circle)}; {NOBODY}"


def _circles(composites: Mapping[str, Composite]) -> Iterator[tuple[str, ...]]:
    """All of them, but for those that share an alarm with one told before."""
    left = dict(composites)
    while circle := cycle(left):
        yield circle
        for name in circle:
            left.pop(name, None)


def _meant(name: str, asking: str, lines: Mapping[str, AlarmLine]) -> str:
    """The end of a message: which alarm may have been meant; no alarm asks for itself."""
    known = [other for other in lines if other != asking]
    return meant(name, known) if known else "there is no other alarm; one more under `alarms` would be right"
