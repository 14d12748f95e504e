"""Reading that product's documents: what is under a key, or a BaselineError that names the key."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import BaselineError

TYPES = ("Integral", "Fractional", "String", "Unknown")


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object and where it stands in its document. What is absent or null reads as None."""

    value: Mapping[str, Any]
    place: str = ""

    @classmethod
    def of(cls, value: object, place: str = "") -> "Node":
        if not isinstance(value, Mapping):
            raise wrong(place or "the document", value, "an object")
        return cls(value, place)

    def place_of(self, key: str) -> str:
        return f"{self.place}{key}" if self.place.endswith(": ") or not self.place else f"{self.place}.{key}"

    def node(self, key: str) -> "Node | None":
        value = self.value.get(key)
        return None if value is None else Node.of(value, self.place_of(key))

    def needed(self, key: str) -> "Node":
        return Node.of(self.value.get(key), self.place_of(key))

    def items(self, key: str) -> list[Any] | None:
        value = self.value.get(key)
        if value is not None and not isinstance(value, list):
            raise wrong(self.place_of(key), value, "a list")
        return value

    def number(self, key: str) -> float | None:
        """A finite number; nan, infinities and their names stand for none."""
        value = self.value.get(key)
        if value is None or value in ("NaN", "Infinity", "-Infinity"):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(self.place_of(key), value, "a number")
        return float(value) if math.isfinite(value) else None

    def count(self, key: str) -> int:
        """A whole number from 0; these files write it as 5 or 5.0."""
        value = self.number(key)
        if value is None or value < 0 or value != math.floor(value):
            raise wrong(self.place_of(key), self.value.get(key), "a count")
        return int(value)

    def share(self, key: str) -> float | None:
        value = self.number(key)
        if value is not None and not 0 <= value <= 1:
            raise wrong(self.place_of(key), value, "a number from 0 to 1")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        values = self.items(key)
        if values is None:
            return None
        odd = next((value for value in values if not isinstance(value, str)), None)
        if odd is not None or None in values:
            raise wrong(self.place_of(key), odd, "a list of texts")
        return tuple(values)


def features_of(document: object) -> dict[str, Node]:
    """The entries under `features` by name, in their order."""
    entries = Node.of(document).items("features")
    if entries is None:
        raise wrong("features", None, "a list with an entry for each column")
    nodes: dict[str, Node] = {}
    for number, entry in enumerate(entries):
        name = Node.of(entry, f"features[{number}]").value.get("name")
        if not isinstance(name, str):
            raise wrong(f"features[{number}].name", name, "the column's name")
        if name in nodes:
            raise BaselineError(f"features[{number}].name: {name!r} stands twice; each column once would be right")
        nodes[name] = Node.of(entry, f"feature {name!r}: ")
    return nodes


def type_of(feature: Node) -> str:
    """The inferred type of an entry; Unknown where it has none."""
    kind = feature.value.get("inferred_type", "Unknown")
    if kind not in TYPES:
        raise wrong(feature.place_of("inferred_type"), kind, f"one of {', '.join(TYPES)}")
    return str(kind)


def wrong(place: str, value: object, right: str) -> BaselineError:
    """The error: what stands where, and what would be right."""
    told = "is missing" if value is None else repr(value)[:60]
    return BaselineError(f"{place}: {told}; {right} would be right")
