"""PostgreSQL: connections that notice when the other end is gone."""

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import StoreError

DRIVER = "postgresql+psycopg"
# A connection whose other end went away without a word is given up after half a minute, not after hours.
LIVELY = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "connect_timeout": 10,
    "application_name": "driftd",
}


def address(url: str) -> URL:
    """The address in the configuration, looked at; a password in it reaches no message."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("store: not an address; write `sqlite` or postgresql+psycopg://user@host/database") from None
    if found.drivername not in (DRIVER, "postgresql"):
        raise StoreError(f"store: {found.drivername!r} is not known; write `sqlite` or {DRIVER}://user@host/database")
    return found.set(drivername=DRIVER)


def named(url: URL) -> str:
    """The address as messages show it: no password, no options."""
    return url.set(query={}).render_as_string(hide_password=True)


def engine(url: URL, *, connections: int = 5) -> Engine:
    """Connections to this server, each tried before it is used again."""
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=connections,
            connect_args={**LIVELY, "options": "-c timezone=UTC -c lock_timeout=30s", "prepare_threshold": None},
        )
    except ModuleNotFoundError as error:
        raise StoreError(f"store {named(url)}: needs {error.name}; `pip install 'driftd[postgres]'`") from error
