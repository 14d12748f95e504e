"""Connections to a daemon on this machine, which is asked where its configuration says that it listens."""

import ssl
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  what it listens on, and where that is


def connection(listen: str, seconds: float, *, is_tls: bool) -> HTTPConnection:
    """A connection that is still to be made. ValueError for an address that is none.

    No certificate is checked against authorities or names: this machine's is asked for by its address. Who has a
    secret to tell holds it against the file with `is_shown`.
    """
    host, _, port = listen.rpartition(":")
    host = ANYWHERE.get(host.strip("[]"), host.strip("[]"))
    if not is_tls:
        return HTTPConnection(host, int(port), timeout=seconds)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, int(port), timeout=seconds, context=trusting)


def is_shown(certificate: Path, connected: HTTPConnection) -> bool:
    """Whether the other side has shown the first certificate of this file, whose key it then has. Raises OSError and
    ValueError where the file cannot be read."""
    begin = "-----BEGIN CERTIFICATE-----"
    text = certificate.read_text(encoding="ascii", errors="replace")  # what stands around it may be anything
    first = text[text.index(begin) : text.index("-----END") + len("-----END CERTIFICATE-----")]
    assert isinstance(connected.sock, ssl.SSLSocket)
    return connected.sock.getpeercert(binary_form=True) == ssl.PEM_cert_to_DER_cert(first)
