"""A monitor's incidents, window by window, on a clock that is turned by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.cause import Cause, Explanation
from monitor.incident import Incident, Terms, Verdict, acknowledged
from monitor.incidents import Step, stepped
from monitor.ladder import Fired, Firing, Rung
from monitor.placing import Explain, lowest
from monitor.window import Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAUSES = {
    Rung.FRESHNESS: Cause.NO_DATA,
    Rung.SCHEMA: Cause.SCHEMA,
    Rung.DRIFT: Cause.SHAPE,
    Rung.QUALITY: Cause.CONCEPT,
}


def window(number: int) -> Window:
    return Window(start=START + number * HOUR, end=START + (number + 1) * HOUR)


def explain(firings: Sequence[Firing]) -> Explanation:
    """As real ones are told, but from the rung alone."""
    names = tuple(firing.feature for firing in firings if firing.feature)
    return Explanation(cause=CAUSES.get(lowest(firings), Cause.PIPELINE), why=f"because of {names}")


def drift(name: str, **more) -> Firing:
    return Firing(rule="drift", feature=name, rung=Rung.DRIFT, **more)


def missing(name: str) -> Firing:
    return Firing(rule="completeness", feature=name, rung=Rung.MISSING)


STOPPED = Firing(rule="freshness", rung=Rung.FRESHNESS)
FEW = Firing(rule="volume", rung=Rung.VOLUME)
SCORE = Firing(rule="prediction_drop", feature="score", rung=Rung.DRIFT, is_output=True)
WORSE = Firing(rule="page_hinkley", feature="error", rung=Rung.QUALITY)


class Life:
    """A monitor whose windows come one after the other."""

    def __init__(self, explain: Explain = explain, **terms) -> None:
        self.explain = explain
        self.incidents: tuple[Incident, ...] = ()
        self.number = -1
        self.terms = Terms(**terms)

    def step(self, *firings: Firing, unanswered: Sequence[tuple[str, str]] = (), again: bool = False, **seen) -> Step:
        self.number += not again
        return self.at(self.number, Fired(firings=firings, unanswered=frozenset(unanswered), **seen))

    def at(self, number: int, seen: Fired) -> Step:
        at = window(number)
        made = stepped(
            self.incidents, seen, at, monitor="churn", now=at.end + HOUR / 4, explain=self.explain, terms=self.terms
        )
        self.incidents = made.incidents
        return made

    def say(self, number: int, said) -> None:
        """What somebody says of one of the incidents."""
        found = list(self.incidents)
        found[number] = said(found[number])
        self.incidents = tuple(found)

    def acknowledge(self, verdict: Verdict, number: int = 0) -> None:
        self.say(number, lambda one: acknowledged(one, verdict, who="ana", at=START))


def told(step: Step) -> list[tuple[str, bool]]:
    return [(change.what, change.tells) for change in step.changes]


def keys(incident: Incident) -> set[tuple[str, str | None]]:
    return {part.firing.key for part in incident.parts}
