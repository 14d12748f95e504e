"""Places: a local path, or a URL in an object store. Which protocols there are, and what a URL may not carry."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from monitor.errors import InputError

PROTOCOLS = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
"""Protocol to the extra of driftd that speaks it."""
CURE = "s3://, gs://, az:// or abfs:// with a bucket, or a local path would be right"


@dataclass(frozen=True, slots=True, order=True)
class Url:
    """A place in an object store; what a Path can say of itself without looking, it says too.

    >>> place = Url("s3://bucket/captures/churn")
    >>> place.name, str(place.parent), str(place / "v1")
    ('churn', 's3://bucket/captures', 's3://bucket/captures/churn/v1')
    >>> Url("s3://bucket/a.jsonl.gz").suffix, Url("s3://bucket/day=5/f").parts
    ('.gz', ('s3://bucket', 'day=5', 'f'))
    """

    text: str

    def __str__(self) -> str:
        return self.text

    def __fspath__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> "Url":
        return Url(f"{self.text.rstrip('/')}/{name}")

    @property
    def protocol(self) -> str:
        return self.text.partition("://")[0]

    @property
    def root(self) -> str:
        """Protocol and bucket."""
        return f"{self.protocol}://{self.text.partition('://')[2].partition('/')[0]}"

    @property
    def key(self) -> str:
        """What stands behind the bucket."""
        return self.text.removeprefix(self.root).strip("/")

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.root, *(part for part in self.key.split("/") if part))

    @property
    def name(self) -> str:
        return self.parts[-1].rpartition("://")[2]

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    @property
    def parent(self) -> "Url":
        return Url("/".join(self.parts[:-1] or self.parts))


Place: TypeAlias = Path | Url


def is_url(text: object) -> bool:
    """Whether a text names a place in a store, and not a local path.

    >>> is_url("s3://bucket/a"), is_url("data/a"), is_url(Path("s3:/a"))
    (True, False, False)
    """
    return isinstance(text, Url) or (
        isinstance(text, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None
    )


def place(text: str | os.PathLike[str]) -> Place:
    """The place that a person wrote. Raises InputError for a URL that driftd does not read, or that has a secret."""
    if isinstance(text, Path | Url):
        return text
    text = os.fspath(text)
    if not is_url(text):
        return Path(text)
    wrong = mistake(text)
    if wrong:
        raise InputError(f"{shown(text)}: {wrong}")
    return Url(text.rstrip("/"))


def mistake(text: str) -> str:
    """What is wrong with a URL; empty where nothing is.

    >>> mistake("s3://bucket/captures"), mistake("abfss://captures@account.dfs.core.windows.net/churn")
    ('', '')
    >>> mistake("ftp://host/captures")[:52]
    "is no place that driftd reads: protocol 'ftp'; s3://"
    """
    protocol, _, rest = text.partition("://")
    bucket = rest.partition("/")[0]
    account = bucket.partition("@")[0] if PROTOCOLS.get(protocol) == "azure" else bucket
    if "@" in account or (":" in account and not account.startswith("arn:")) or "?" in rest:
        return (
            "is a URL with credentials or a query, which everyone would see who reads it; "
            "the environment, or the role of the machine, would be the right place"
        )
    if protocol not in PROTOCOLS:
        return f"is no place that driftd reads: protocol {protocol!r}; {CURE}"
    if not bucket or bucket in (".", ".."):
        return f"is a URL without a bucket; {CURE}"
    return ""


def shown(text: str) -> str:
    """A text with what URLs in it carry of secrets left out.

    >>> shown("no answer from https://key:secret@host/a?X-Amz-Signature=abc")
    'no answer from https://***@host/a?***'
    """
    text = re.sub(r"://([^/\s]*|[^\s]*:[^\s]*)@", "://***@", text)
    text = re.sub(r"(://[^\s'\"?]*)\?[^\s'\"]*", r"\1?***", text)
    return re.sub(r"(?i)\b(sig|signature|token|secret|password|accountkey)=[^\s&;'\"]+", r"\1=***", text)
