"""A real mail server on loopback, and the letters that it took."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from prometheus_server import free_address

PASSWORD = "s3cr3t pass"


@dataclass
class Mails:
    """What a server took, and what it answers to a recipient and to a letter."""

    folder: Path
    port: int = 0
    taken: list[tuple[Session, Envelope]] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.taken.append((session, envelope))
        return self.answer

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content or b"", policy=policy.default) for _, one in self.taken]  # type: ignore[misc]


@contextmanager
def mailing(folder: Path, *, tls: bool = False, starttls: bool = True) -> Iterator[Mails]:
    """A server that takes letters after STARTTLS and for ann's password only; or as it is told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if tls or starttls:
        context.load_cert_chain(folder / "mail.crt", folder / "mail.key")
    mails = Mails(folder, port=int(free_address().rpartition(":")[2]))

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ann", PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)

    controller = Controller(
        mails,
        hostname="127.0.0.1",
        port=mails.port,
        ssl_context=context if tls else None,
        tls_context=context if starttls and not tls else None,
        require_starttls=starttls and not tls,
        authenticator=authenticate,
        auth_require_tls=starttls and not tls,
    )
    controller.start()
    try:
        yield mails
    finally:
        controller.stop()
