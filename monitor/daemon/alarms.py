"""Events of what the policy says: an alarm, production learned, learning refused, what late data has changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.daemon.task import Answer
from monitor.store.words import ALARM, Claim, Event, EvidenceRow

MOST_TOLD = 50
"""Features that an event tells of; it counts all."""
QUESTIONS = ("skew", "drift")
OF_FEATURE = ("feature", "since", "channel", "scale")
OF_SKEW = ("feature", "now", "centre", "low", "high")


def events(claim: Claim, answer: Answer, kept: Sequence[EvidenceRow]) -> Iterator[Event]:
    """What a window gives rise to; names and numbers, never a value.

    A window that was judged again, with later ones behind it, raises no alarm of its own: what came late may do so at
    the newest window only, and what was told stays told.
    """
    if len(kept) > 1:
        if answer.replayed:
            yield _event("policy.replayed", "", {**whose(claim), **answer.replayed})
        return
    said: Mapping[str, Any] = (kept[0].said or {}) if kept else {}
    words: Sequence[Mapping[str, Any]] = said.get("words", ())
    for question in QUESTIONS:
        raised = [word for word in words if word["what"] == question]
        if raised:
            names = sorted(word["feature"] for word in raised)
            body = {"question": question, **_listed(raised, OF_FEATURE)}
            yield _event(ALARM, json.dumps([question, *names]), {**whose(claim), **body})
    for word in words:
        if word["what"] == "refused":
            body = {"since": word["since"], "feature": word["feature"]}
            yield _event("policy.refused", "refused", {**whose(claim), **body})
        elif word["what"] == "armed":
            body = {"since": word["since"], "skew": _listed(said["skews"], OF_SKEW)}
            yield _event("policy.armed", "armed", {**whose(claim), **body})


def whose(claim: Claim) -> dict[str, Any]:
    """Which window, in which revision, by which run."""
    return {
        "monitor": claim.monitor,
        "window": {"start": _text(claim.window.start), "end": _text(claim.window.end)},
        "revision": claim.revision,
        "run_id": claim.run_id,
    }


def _listed(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    return {"count": len(rows), "features": [{name: row[name] for name in names} for row in rows[:MOST_TOLD]]}


def _event(kind: str, key: str, body: Mapping[str, Any]) -> Event:
    """With a key it is told once, whatever the revision."""
    return Event(kind=kind, key=key, body=json.dumps(body, separators=(",", ":")))


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
