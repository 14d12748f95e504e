"""Webhook: an event to an address of yours, as a CloudEvent by HTTP POST, signed where there is a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.actions import signature
from monitor.actions.cloudevents import Mode, message
from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.actions.sending import Client, check_headers, checked_url
from monitor.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`secrets` sign (whsec_...), `token` goes as a bearer token, `headers` are sent along (their values never shown).

    `place` names this daemon in the source of events, where several tell the same receiver.
    """

    url: Secret
    mode: Mode = "structured"
    secrets: tuple[Secret, ...] = ()
    token: Secret | None = None
    headers: Mapping[str, Secret] = field(default_factory=dict)
    place: str = "driftd"
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        checked_url(self.url)
        check_headers(self.headers, users=True)
        for name in self.headers:
            if name.lower().startswith(("ce-", "webhook-")) or (self.token and name.lower() == "authorization"):
                raise ValueError(f"header {name!r}: is set by the webhook itself")
        for secret in self.secrets:
            signature.key(secret)
        if self.mode not in ("structured", "binary"):
            raise ValueError(f"mode {self.mode!r}: structured or binary would be right")
        check_headers(self._token())

    def send(self, event: Event, now: datetime) -> Outcome:
        """What came of it."""
        own, body = message(event, self.mode, self.place)
        signs = signature.signed(body, event.id, now, self.secrets) if self.secrets else {}
        return self.client.post(self.url, body, {**self.headers, **self._token(), **own, **signs}, now)

    def _token(self) -> dict[str, Secret]:
        return {} if self.token is None else {"authorization": Secret(f"Bearer {self.token.text}")}
