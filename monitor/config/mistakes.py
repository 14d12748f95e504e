"""What is wrong in a configuration: where, which key, which value, and what would be right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

from monitor.errors import ConfigError

Key: TypeAlias = tuple[str | int, ...]

SECRET = re.compile(r"(?i)(^|[_.-])(password|passwd|token|secret|key)s?$")
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value is written: file, line, key path there, and the text of a scalar."""

    file: str
    line: int = 0
    key: Key = ()
    text: str | None = None

    @property
    def is_secret(self) -> bool:
        return any(is_secret(name) for name in self.key)


class Mistakes:
    """Mistakes as they are found; raised at once, in the order of the files."""

    def __init__(self, first: str = "") -> None:
        self._files: list[str] = [first]
        self._found: dict[str, tuple[int, int]] = {}
        self._unread: set[Place] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def tell(self, place: Place, what: str) -> None:
        """Note a mistake; one that was told already (a default, laid under many monitors) is told once."""
        if place in self._unread:
            return
        if place.file not in self._files:
            self._files.append(place.file)
        at = f"{place.file}:{place.line}" if place.line else place.file
        key = f"{key_text(place.key)}: " if place.key else ""
        self._found.setdefault(f"{at}: {key}{what}", (self._files.index(place.file), place.line))

    def tell_unread(self, place: Place, what: str) -> None:
        """Note a value that could not be read at all: nothing more is told of it."""
        self.tell(place, what)
        self._unread.add(place)

    def raise_if_any(self) -> None:
        """Raise ConfigError with a line for each."""
        if self._found:
            raise ConfigError("\n".join(sorted(self._found, key=lambda text: self._found[text])))


def key_text(key: Key) -> str:
    """A key path as people write it.

    >>> key_text(("monitors", "churn", "checks", 1, "severity"))
    'monitors.churn.checks[1].severity'
    """
    parts = [f"[{name}]" if isinstance(name, int) else f".{_visible(name)}" for name in key]
    return "".join(parts).removeprefix(".")


def _visible(name: str) -> str:
    return name if name.isprintable() and name else repr(name)


def is_secret(name: object) -> bool:
    """Whether a key of this name holds what nobody else should read.

    >>> [name for name in ("token", "api_key", "keyboard", "tokens_share") if is_secret(name)]
    ['token', 'api_key']
    """
    return bool(SECRET.search(str(name)))


def named(value: Any, place: Place | None = None) -> str:
    """A value in a message: as it is written, short, and never a secret.

    >>> named("1 hour"), named({"a": 1}), named(None), named("s3://me:pass@bucket")
    ("'1 hour'", 'a mapping', 'nothing', "'s3://***@bucket'")
    """
    if isinstance(value, Mapping | list | tuple):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    if place is not None and place.is_secret:
        return "the value (hidden)"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        text = re.sub(r"://[^/]*@", "://***@", value)
        return repr(text if len(text) <= LONGEST else text[: LONGEST - 3] + "...")
    text = place.text if place is not None and place.text else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def meant(name: str, known: Sequence[str]) -> str:
    """The end of a message about a name that nobody knows.

    >>> meant("basline", ["captures", "baseline"]), meant("xyz", ["rule", "preset"])
    ("did you mean 'baseline'?", 'one of rule, preset would be right')
    """
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)} would be right"


def place_at(places: Mapping[Key, Place], key: Key) -> Place:
    """The place of a key, or of the nearest part around it that is written."""
    while key not in places and key:
        key = key[:-1]
    return places[key]
