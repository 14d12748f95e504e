"""What the web configuration file says now: read again when it, the certificate or the key has changed."""

import logging
import ssl
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import ConfigError, MonitorError
from monitor.web.options import WebOptions
from monitor.web.passwords import Passwords
from monitor.web.webfile import Tls, WebFile, load

VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
CLIENTS = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
log = logging.getLogger(__name__)


class Settings:
    """The options, and the file as it was last good. Whether TLS is spoken at all is settled at the start."""

    def __init__(self, options: WebOptions) -> None:
        self.options = options
        self._path = options.config
        self._take(load(options.config))
        self.tls: ssl.SSLContext | None = None
        if self._file.tls_server_config is not None:
            self.tls, self._newest = context(self._file.tls_server_config), context(self._file.tls_server_config)
            self.tls.sni_callback = self._with_newest
        self._seen = self._stamps()

    def _take(self, file: WebFile) -> None:
        self._file = file
        self.passwords = Passwords(file.basic_auth_users)
        self.headers: Mapping[str, str] = file.http_server_config.headers

    def change(self, options: WebOptions) -> None:
        """Take other tokens and another lifecycle. Raises ConfigError for what is settled at the start."""
        for name in ("listen", "prefix", "config"):
            was, asked = getattr(self.options, name), getattr(options, name)
            if was != asked:
                raise ConfigError(f"web.{name}: from {str(was)!r} to {str(asked)!r} needs a restart")
        self.options = options

    def refresh(self) -> None:
        """Take what has changed; what is wrong with it is logged, and what was good goes on."""
        stamps = self._stamps()
        if stamps == self._seen:
            return
        self._seen = stamps  # as they were before anything is read: what changes meanwhile is read once more
        try:
            file = load(self._path)
            newest = _replacing(self._file.tls_server_config, file.tls_server_config, self._path)
            if newest is not None:
                self._newest = newest
            self._take(file)
        except MonitorError as error:
            log.error("the web configuration stays as it was: %s", error)
        else:
            log.info("the web configuration was read again")

    def _with_newest(self, connection: ssl.SSLObject, _name: str | None, _first: ssl.SSLContext) -> None:
        """Called in each handshake: a context that is in use is never changed, as handshakes would see half of it."""
        connection.context = self._newest

    def _stamps(self) -> tuple[tuple[str, int, int], ...]:
        tls = self._file.tls_server_config
        paths = [self._path, *((tls.cert_file, tls.key_file, tls.client_ca_file) if tls is not None else ())]
        return tuple(_stamp(path) for path in paths if path is not None)


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        about = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), about.st_mtime_ns, about.st_ino


def _replacing(was: Tls | None, tls: Tls | None, path: Path | None) -> ssl.SSLContext | None:
    """The context for new certificates; what the first one settles for good cannot change."""
    settled = ("client_auth_type", "min_version", "max_version")
    if (was is None) != (tls is None) or any(getattr(was, name, None) != getattr(tls, name, None) for name in settled):
        raise ConfigError(f"{path}: whether TLS is spoken, its versions and client_auth_type need a restart")
    return None if tls is None else context(tls)


def context(tls: Tls) -> ssl.SSLContext:
    """A server's context. Raises ConfigError where certificate and key are none, or do not fit."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        made.load_cert_chain(tls.cert_file, tls.key_file)
        if tls.client_ca_file is not None:
            made.load_verify_locations(tls.client_ca_file)
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise ConfigError(f"{tls.cert_file} and {tls.key_file}: no certificate with its key: {why}") from None
    made.maximum_version, made.minimum_version = VERSIONS[tls.max_version], VERSIONS[tls.min_version]
    made.verify_mode = CLIENTS[tls.client_auth_type]
    return made
