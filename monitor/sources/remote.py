"""Object stores through fsspec: what lies in a folder, and the bytes of an object. Loaded only where a URL is given.

Credentials, endpoints and proxies come from the environment, as each store's own library reads it. Every request has a
time limit and is tried a few times. FileNotFoundError is what is not there; everything else that a store may say or
leave unsaid is a SourceError with its own words.
"""

import io
import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import fsspec

from monitor.errors import InputError, SourceError, UnreachableInput
from monitor.place import PROTOCOLS, Url, shown
from monitor.sources.listing import Entry

CONNECT_SECONDS, READ_SECONDS = 5, 20
TRIES, PAUSE_SECONDS = 3, 0.2
S3_TRIES, S3_ANSWER_TRIES = 2, 2  # of s3fs: broken connections; of botocore below it: answers such as 503 too
SMALL_BYTES = 8 << 20  # an object up to this is fetched by one request
PLAIN = {"abfss": "abfs", "gcs": "gs"}  # as fsspec knows them
STAMPS = ("ETag", "etag", "generation", "md5Hash")
TIMES = ("LastModified", "last_modified", "mtime", "updated", "created")
MOST_WORDS = 300
TALKATIVE = ("fsspec", "s3fs", "gcsfs", "adlfs", "azure", "aiohttp")  # what they log is raised too, and told once

Answer = TypeVar("Answer")


def begun(url: Url) -> list[Entry]:
    """What lies right in a place; the file itself where the URL names one."""
    if url.key:
        store, name = _store(url.root), _name(url)
        told = _asked(url, lambda: store.info(name))
        if told["type"] == "file" and not told["name"].endswith("/"):
            return [_entry(url, told)]
    return entries(url.text)


def entries(whole: str) -> list[Entry]:
    """What lies right in a folder of a store, but for hidden names and the empty objects by which consoles keep it."""
    url = Url(whole)
    store, name = _store(url.root), _name(url)
    found = _asked(url, lambda: store.ls(name, detail=True))
    lines = (line for line in found if line["name"].strip("/") != name)
    listed = (_entry(url, line) for line in lines)
    return [entry for entry in listed if not entry.name.startswith((".", "_"))]


def entry(url: Url) -> Entry | None:
    """What the store says of one object; None where there is none."""
    store, name = _store(url.root), _name(url)
    try:
        told = _asked(url, lambda: store.info(name))
    except FileNotFoundError:
        return None
    return _entry(url, told) if told["type"] == "file" else None


def read(url: Url) -> bytes:
    """All of an object, by one request."""
    store, name = _store(url.root), _name(url)
    found: bytes = _asked(url, lambda: store.cat_file(name))
    return found


def write(url: Url, data: bytes) -> None:
    """Put an object in place of the one that is there, if any."""
    store, name = _store(url.root), _name(url)
    _asked(url, lambda: store.pipe_file(name, data))


def opened(url: Url, size: int | None = None, *, is_random: bool = False) -> "Stream":
    """The bytes of an object. One whose `size` is known and small is fetched at once."""
    if size is not None and size <= SMALL_BYTES:
        return fetched(url, read(url))
    store, name = _store(url.root), _name(url)
    how = {"cache_type": "none"} if is_random else {"cache_type": "readahead", "block_size": SMALL_BYTES}
    file = _asked(url, lambda: store.open(name, "rb", **how))
    stream = Stream(url, file, file.size)
    if hasattr(file, "details") and PROTOCOLS[url.protocol] != "s3":  # s3fs asks for one version of it throughout
        stream.stamp = _entry(url, file.details).stamp
    return stream


def fetched(url: Url, data: bytes) -> "Stream":
    """The bytes of an object that is here already."""
    return Stream(url, io.BytesIO(data), len(data))


class Stream(io.RawIOBase):
    """An object that is read as a file. Raises SourceError where the store gives no more before its end, also when it
    is closed: whoever reads through another library may have been told something else."""

    def __init__(self, url: Url, file: Any, size_bytes: int) -> None:
        super().__init__()
        self.url, self.file, self.size_bytes = url, file, size_bytes
        self.stamp = ""
        self.broken: SourceError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self.file.tell())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self.file.seek(offset, whence))

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end of the object only."""
        try:
            return _asked(self.url, lambda: self._read(size))
        except FileNotFoundError as error:
            self.broken = SourceError(f"{self.url}: has gone while it was read ({words(error)})")
            raise self.broken from None
        except SourceError as error:
            self.broken = error
            raise

    def _read(self, size: int) -> bytes:
        data = bytes(self.file.read(size))
        at = self.file.tell()
        if not data and size and at < self.size_bytes:
            raise EOFError(f"ended after {at} of {self.size_bytes} bytes")
        return data

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close it, and say what broke."""
        self.file.close()
        self.close()
        if self.broken is None and self.stamp:
            found = entry(self.url)
            if found is None or found.stamp != self.stamp:
                self.broken = SourceError(f"{self.url}: has changed while it was read")
        if self.broken is not None:
            raise self.broken


def forget() -> None:
    """Ask the environment anew at the next request."""
    _store.cache_clear()


def words(error: BaseException) -> str:
    """What a store, or the way to it, said: one line without secrets."""
    text = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    return shown(next(iter(str(text).split("\n")), ""))[:MOST_WORDS]


def _asked(url: Url, ask: Callable[[], Answer]) -> Answer:
    """An answer of the store; what may pass is tried again, what will not is told at once."""
    for left in reversed(range(TRIES)):
        try:
            return ask()
        except FileNotFoundError:
            raise
        except SourceError:
            raise
        except Exception as error:  # noqa: BLE001  the outside world: every store has errors of its own
            if not left or isinstance(error, PermissionError) or not _may_pass(error):
                raise SourceError(f"{url}: cannot be read: {words(error)}") from None
        time.sleep(PAUSE_SECONDS * (TRIES - left))
    raise AssertionError("the last try returns or raises")


def _may_pass(error: Exception) -> bool:
    """Whether it is worth while to ask again: a broken connection, not an answer that was understood. The stores' own
    libraries have tried again those that they know of."""
    return isinstance(error, EOFError | ConnectionError | TimeoutError) or "Payload" in type(error).__name__


@cache
def _store(root: str) -> Any:
    """The store of a bucket. Raises InputError where the extra that speaks its protocol is not installed."""
    for name in TALKATIVE:
        logging.getLogger(name).addHandler(logging.NullHandler())
    protocol = Url(root).protocol
    extra = PROTOCOLS[protocol]
    try:
        kind: Any = fsspec.get_filesystem_class(PLAIN.get(protocol, protocol))
    except ImportError:
        raise InputError(
            f"{root}: driftd needs its extra `{extra}` to read {protocol}://; pip install 'driftd[{extra}]'"
        ) from None
    given = kind._get_kwargs_from_urls(root)  # the account in abfs://container@account
    try:
        store = kind(**{"skip_instance_cache": True, "use_listings_cache": False, **_limits(extra), **given})
    except Exception as error:  # noqa: BLE001  each store has errors of its own for credentials that are not there
        raise UnreachableInput(f"{root}: cannot be reached: {words(error)}") from None
    if extra == "s3":
        store.retries = S3_TRIES
    return store


def _limits(extra: str) -> dict[str, Any]:
    """Time limits and tries, in each library's words; and that the environment is asked for credentials."""
    if extra == "s3":
        retries = {"total_max_attempts": S3_ANSWER_TRIES, "mode": "standard"}
        config = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "retries": retries}
        return {"config_kwargs": config, "max_concurrency": 1}  # one request for a small object
    if extra == "azure":
        limits: dict[str, Any] = {"connection_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS}
        return limits if "AZURE_STORAGE_ANON" in os.environ else {**limits, "anon": False}  # noqa: TID251  no core
    return {"requests_timeout": READ_SECONDS}


def _name(url: Url) -> str:
    """The object as fsspec names it: bucket and key."""
    bucket = url.root.partition("://")[2].partition("@")[0]
    return f"{bucket}/{url.key}" if url.key else bucket


def _entry(url: Url, told: dict[str, Any]) -> Entry:
    key = told["name"].strip("/").partition("/")[2]
    whole = f"{url.root}/{key}"
    stamp = next((str(told[name]).strip('"') for name in STAMPS if told.get(name)), "")
    modified = next((_time(told[name]) for name in TIMES if told.get(name)), datetime.fromtimestamp(0, UTC))
    return Entry(
        name=key.rpartition("/")[2],
        whole=whole,
        is_folder=told["type"] != "file",
        size=int(told.get("size") or 0),
        stamp=stamp or str(int(modified.timestamp() * 1e9)),
        modified=modified,
    )


def _time(told: Any) -> datetime:
    at = datetime.fromisoformat(told) if isinstance(told, str) else told
    if isinstance(at, int | float):
        return datetime.fromtimestamp(at, UTC)
    found: datetime = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return found.astimezone(UTC)
