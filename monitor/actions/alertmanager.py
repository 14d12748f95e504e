"""Alertmanager: events as alerts of its API v2. It knows an alert by its labels, and forgets one that is not repeated.

Prometheus with the generated rules is the better way where there is one; this is for places without.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.actions.sending import Client, Headers, check_headers, checked_url, place
from monitor.actions.texts import figures
from monitor.event import Event

RESEND = timedelta(seconds=60)
LIVES = 3
"""An alert ends by itself when so many repetitions have not come, as when driftd is gone."""
AFTERWARDS = timedelta(minutes=5)
"""For so long an end is repeated, for members that were away (Alertmanager, alerts API)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alertmanager:
    """All members of a cluster, each by its own address and never by a load balancer: they do not tell each other."""

    urls: tuple[Secret, ...]
    token: Secret | None = None
    resend: timedelta = RESEND
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        if not self.urls:
            raise ValueError("urls: are none; http://alertmanager:9093 or several would be right")
        for url in self.urls:
            found = checked_url(url)
            if found.query or found.fragment:
                raise ValueError(f"url {place(url)}: has a query; the address before /api/v2 would be right")
        if not timedelta(seconds=1) <= self.resend <= timedelta(hours=1):
            raise ValueError(f"resend {self.resend}: from a second to an hour would be right")
        check_headers(self._token())

    def send(self, event: Event, now: datetime) -> Outcome:
        """What came of one."""
        return self.push([event], now)

    def push(self, events: Sequence[Event], now: datetime) -> Outcome:
        """What came of telling every member of all of these: delivered if one took them; who did not is named.

        The others have them with the next repetition; to try again for them now would be no sooner.
        """
        body = json.dumps([alert(event, now, self.resend) for event in events], ensure_ascii=False).encode()
        headers: Headers = {"content-type": "application/json", **self._token()}
        outcomes = [self.client.post(_api(url), body, headers, now) for url in self.urls]
        missed = "; ".join(one.why for one in outcomes if one.kind != "delivered")
        for kind in ("delivered", "again", "refused"):
            found = [one for one in outcomes if one.kind == kind]
            if found:
                waits = [one.wait for one in found if one.wait is not None]
                return Outcome(kind=found[0].kind, why=missed, wait=min(waits, default=None))
        return Outcome(kind="refused", why=missed)

    def _token(self) -> dict[str, Secret]:
        return {} if self.token is None else {"authorization": Secret(f"Bearer {self.token.text}")}


def alert(event: Event, now: datetime, resend: timedelta = RESEND) -> dict[str, Any]:
    """An event as an alert. One that fires ends when three repetitions do not come; one that is over, when it was.

    `startsAt` is since when, so a repetition changes nothing. Empty labels are left out, as Alertmanager does.
    """
    end = now + LIVES * resend if event.status == "firing" else max(event.time, event.since)
    told = {"summary": event.summary, "link": event.link, "runbook_url": event.runbook, "description": figures(event)}
    found: dict[str, Any] = {
        "labels": labels(event),
        "annotations": {name: text for name, text in told.items() if text},
        "startsAt": _text(event.since),
        "endsAt": _text(end),
    }
    return {**found, "generatorURL": event.link} if event.link else found


def labels(event: Event) -> dict[str, str]:
    """What it is known by: names only. One of another severity is another alert, and the former ends by itself."""
    name = "".join(part.title() for part in event.kind.partition(".")[0].split("_"))
    own = {"alertname": f"Driftd{name}", "monitor": event.monitor, "severity": event.severity, "subject": event.subject}
    return {name: text for name, text in {**event.labels, **own}.items() if text}


def is_due(event: Event, told_at: datetime | None, now: datetime, resend: timedelta = RESEND) -> bool:
    """Whether it is to be told (again) now: while it fires, and for five minutes after its end.

    `told_at` is when it was last told as it stands now: that it fired was not telling that it is over.
    """
    if event.status == "resolved" and now - event.time > AFTERWARDS and told_at is not None:
        return False
    return told_at is None or now - told_at >= resend


def _api(url: Secret) -> Secret:
    return Secret(f"{url.text.rstrip('/')}/api/v2/alerts")


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
