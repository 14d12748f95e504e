"""E-mail: an event as a letter of plain text, by a mail server of yours."""

import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from monitor.actions.deadline import Deadline
from monitor.actions.guard import Forbidden, Guard
from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.actions.sending import SECONDS, line
from monitor.actions.smtp import Session, TlsSession
from monitor.actions.texts import plain, title
from monitor.event import Event

Encryption = Literal["starttls", "tls", "none"]
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """`port` 0 is the usual one. A user and password go over an encrypted connection or not at all.

    `name` is by what driftd introduces itself to the server; it stands in message ids too.
    """

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 0
    encryption: Encryption = "starttls"
    user: str = ""
    password: Secret | None = None
    name: str = "driftd.localdomain"
    ca_file: str | None = None
    seconds: float = SECONDS
    guard: Guard = field(default_factory=Guard)

    def __post_init__(self) -> None:
        for what, host in (("host", self.host), ("name", self.name)):
            if not HOST.fullmatch(host):
                raise ValueError(f"{what} {host!r}: a name such as smtp.example.com would be right")
        if self.encryption not in PORTS:
            raise ValueError(f"encryption {self.encryption!r}: one of {', '.join(PORTS)} would be right")
        if not 0 <= self.port < 1 << 16:
            raise ValueError(f"port {self.port}: from 1 to 65535 would be right")
        if not self.to:
            raise ValueError("to: is nobody; an address would be right")
        for address in (self.sender, *self.to):
            if not ADDRESS.fullmatch(address) or not address.isprintable():
                raise ValueError(f"address {address!r}: one such as ann@example.com would be right")
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password: both or none would be right")
        if self.user and self.encryption == "none":
            raise ValueError("encryption none: a password is never sent in the clear; starttls or tls would be right")

    def send(self, event: Event, now: datetime) -> Outcome:  # noqa: ARG002  as all receivers are called
        """What came of it. Delivered if one of the recipients was taken; who was not is counted."""
        place = f"{self.host}:{self.port or PORTS[self.encryption]}"
        try:
            refused = self._sent(letter(event, self.sender, self.to, self.name))
        except Forbidden as error:
            return Outcome(kind="refused", why=f"{place}: {error}")
        except (smtplib.SMTPException, OSError) as error:
            return self._failed(place, error)
        return Outcome(kind="delivered", why=f"{refused} of {len(self.to)} recipients refused" if refused else "")

    def _sent(self, message: EmailMessage) -> int:
        deadline = Deadline.after(self.seconds)
        port = self.port or PORTS[self.encryption]
        context = ssl.create_default_context(cafile=self.ca_file)
        session: Session
        if self.encryption == "tls":
            session = TlsSession(self.host, port, self.name, self.guard, deadline, context)
        else:
            session = Session(self.host, port, self.name, self.guard, deadline)
        try:
            if self.encryption == "starttls":
                session.starttls(context=context)
            if self.password is not None:
                session.login(self.user, self.password.text)
            refused = session.send_message(message, self.sender, list(self.to))
            with suppress(smtplib.SMTPException, OSError):  # it is taken: what comes of the farewell changes nothing
                session.quit()
            return len(refused)
        finally:
            session.close()

    def _failed(self, place: str, error: Exception) -> Outcome:
        """What the server said decides: 4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
        kind: Literal["again", "refused"] = "again"
        said = str(error) or type(error).__name__
        if isinstance(error, smtplib.SMTPNotSupportedError):
            kind = "refused"
            if self.encryption == "starttls" and "STARTTLS" in said:
                said = "offers no STARTTLS, and nothing is sent in the clear"
        elif isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _ in error.recipients.values()]
            kind = "refused" if all(code >= 500 for code in codes) else "again"
            said = f"answered {min(codes)}: refuses all {len(codes)} recipients"
        elif isinstance(error, smtplib.SMTPResponseException):
            kind = "refused" if error.smtp_code >= 500 else "again"
            text = error.smtp_error if isinstance(error.smtp_error, str) else error.smtp_error.decode(errors="replace")
            said = f"answered {error.smtp_code}: {text}"
        elif isinstance(error, TimeoutError) or "no time left" in said or "timed out" in said:
            said = f"no answer within {self.seconds:g} s"
        return Outcome(kind=kind, why=line(f"{place}: {self._hidden(said)}"))

    def _hidden(self, said: str) -> str:
        return said.replace(self.password.text, "***") if self.password is not None and self.password.text else said


def letter(event: Event, sender: str, to: tuple[str, ...], name: str) -> EmailMessage:
    """The letter. Its id is the event's, so a second one is known for the same; what ends a matter answers its start.

    A line break in a header is refused by the library (ValueError), whatever an event's own checks say.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = title(event)
    message["Date"] = format_datetime(event.time)
    message["Message-ID"] = f"<{event.id}@{name}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Driftd-Event"] = f"{event.kind} {event.id}"
    message.set_content(plain(event))
    return message
