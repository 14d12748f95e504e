"""Layout: where a log keeps the id, the time, the request and the answer of a record. The mapped format's words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from monitor.decode.paths import Path, path_of

CONTAINERS = ("jsonl", "parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Paths into each record; of several the first that is there counts.

    `inputs` and `outputs` lead to the payload: values, or a text of them (`encoding`: JSON, or base64 of JSON). Where
    request and answer stand in records of their own, `kind` leads to what tells them apart, and `request` and `answer`
    are patterns of it; the halves are paired by id. A record where `elsewhere` leads somewhere has its payload in
    another place, and is refused. `besides` lead to what else is kept of a record, by name, and is no feature. `keys`
    are names that a record of such a log has, by which it is recognised; of several lists of them one is enough.
    """

    id: tuple[Path, ...] = ()
    time: tuple[Path, ...] = ()
    inputs: tuple[Path, ...] = ()
    outputs: tuple[Path, ...] = ()
    encoding: Literal["json", "base64"] = "json"
    kind: tuple[Path, ...] = ()
    request: tuple[str, ...] = ("*request*",)
    answer: tuple[str, ...] = ("*response*",)
    elsewhere: tuple[Path, ...] = ()
    besides: tuple[Path, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()


PATHS = ("id", "time", "inputs", "outputs", "kind", "elsewhere", "besides")


def layout_of(document: Any) -> Layout:
    """The layout that a document (of YAML) spells: `{jsonl: {id: $.id, ...}}`. Raises ValueError."""
    if not isinstance(document, Mapping) or len(document) != 1 or next(iter(document)) not in CONTAINERS:
        raise ValueError("is not a mapped format; {jsonl: {id: $.id, time: $.time, inputs: $.inputs}} would be right")
    ((container, given),) = document.items()
    known = {f.name for f in fields(Layout)}
    if not isinstance(given, Mapping) or not given:
        raise ValueError(f"has nothing under {container!r}; {{id: $.id, inputs: $.inputs}} would be right")
    odd = [name for name in given if name not in known]
    if odd:
        raise ValueError(f"has the unknown key {odd[0]!r}; {', '.join(sorted(known))} would be right")
    if "inputs" not in given and "outputs" not in given:
        raise ValueError("has neither inputs nor outputs; `inputs: $.request.instances` would be right")
    return Layout(**{name: _value(name, value) for name, value in given.items()})


def _value(name: str, value: Any) -> Any:
    if name in PATHS:
        return tuple(_path(name, text) for text in _listed(value))
    if name == "keys":
        several = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
        if not all(isinstance(keys, list) and keys and all(isinstance(k, str) for k in keys) for keys in several):
            raise ValueError("has keys that are no list of names; keys: [id, data] would be right")
        return tuple(tuple(keys) for keys in several)
    if not _listed(value) or not all(isinstance(text, str) for text in _listed(value)):
        raise ValueError(f"has {name}: {value!r}; a text would be right")
    if name == "encoding":
        if value not in ("json", "base64"):
            raise ValueError(f"has encoding: {value!r}; json or base64 would be right")
        return value
    return tuple(_listed(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _path(name: str, text: Any) -> Path:
    if not isinstance(text, str):
        raise ValueError(f"has {name}: {text!r}; a path such as $.request.{name} would be right")
    try:
        return path_of(text)
    except ValueError as error:
        raise ValueError(f"has {name}: {text!r}, which {error}") from None
