"""SMTP with a mail server that may be slow or say too much: smtplib, whose timeouts are for each small step."""

import smtplib
import socket
import ssl
from typing import IO, Any, cast

from monitor.actions.deadline import Deadline
from monitor.actions.guard import Guard

MOST_BYTES = 64 << 10
"""What is read of all that the server says."""


class Session(smtplib.SMTP):
    """A conversation that ends by the deadline, with a server where the guard lets through.

    What was said in the clear and not yet read is forgotten with STARTTLS: smtplib drops `file` then.
    """

    def __init__(self, host: str, port: int, name: str, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline
        super().__init__(host, port, local_hostname=name, timeout=deadline.left())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002  as smtplib calls it
        return self._guard.connected(host, port, self._deadline)

    def getreply(self) -> tuple[int, bytes]:
        """The next reply. It is read line by line from `file`, which smtplib would make of the socket."""
        if self.file is None:
            self.file = cast(IO[bytes], Lines(cast(socket.socket, self.sock), self._deadline))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Say this, in the time that is left for all."""
        if self.sock is not None:
            self.sock.settimeout(self._deadline.left())
        super().send(s)


class TlsSession(smtplib.SMTP_SSL, Session):
    """One that is encrypted from its first byte; smtplib wraps the connection that Session makes."""

    def __init__(
        self, host: str, port: int, name: str, guard: Guard, deadline: Deadline, context: ssl.SSLContext
    ) -> None:
        self._guard, self._deadline = guard, deadline
        smtplib.SMTP_SSL.__init__(self, host, port, local_hostname=name, timeout=deadline.left(), context=context)


class Lines:
    """Lines from a connection, so many bytes and so long at most; OSError where that is passed."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connection, deadline
        self._held = b""
        self._read = 0

    def readline(self, most: int) -> bytes:
        """The next line with its end, or `most` bytes of it; empty where the other side has hung up."""
        while b"\n" not in self._held and len(self._held) < most:
            if self._read >= MOST_BYTES:
                raise OSError(f"more than {MOST_BYTES >> 10} kB of replies")
            self._socket.settimeout(self._deadline.left())
            found = self._socket.recv(4096)
            if not found:
                break
            self._held += found
            self._read += len(found)
        end = min(self._held.find(b"\n") + 1 or len(self._held), most)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def close(self) -> None:
        """The connection is closed by who opened it."""
