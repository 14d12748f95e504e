"""Strict YAML: a tree of plain values that know their line. YAML 1.2's plain words, so `no` is a text and not false."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from monitor.config.mistakes import Key, Mistakes, Place, named

MOST_BYTES = 4 << 20
MOST_VALUES = 100_000
DEEPEST = 40
TAG = "tag:yaml.org,2002:"
WORDS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
)
PLAIN = {TAG + tag for tag in ("str", *(word for word, *_ in WORDS))}
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class _Loader(yaml.SafeLoader):
    """Only the words of the table above are anything but text: no dates, no base 60, no octal, no `yes`."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  the form PyYAML asks for


def add_words(kind: Any) -> None:
    """Teach a loader or dumper class the words of the table."""
    for tag, pattern, first in WORDS:
        kind.add_implicit_resolver(TAG + tag, re.compile(f"^(?:{pattern})$"), first)


add_words(_Loader)


@dataclass(frozen=True, slots=True)
class Node:
    """A value as written: a dict or list of nodes, or a plain scalar, and where it stands."""

    value: Any
    place: Place

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def places(self, key: Key = ()) -> Iterator[tuple[Key, Place]]:
        """The place of this value and of every value in it, by key path."""
        yield key, self.place
        pairs: Any = ()
        if isinstance(self.value, dict):
            pairs = self.value.items()
        elif isinstance(self.value, list):
            pairs = enumerate(self.value)
        for name, node in pairs:
            yield from node.places((*key, name))


def read(path: Path, mistakes: Mistakes) -> Node | None:
    """The tree of a file; None, with the mistake told, where there is none."""
    top = Place(file=str(path))
    text = _text(path, top, mistakes)
    if text is None:
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            mistakes.tell(top, "the file is empty; at least `monitors:` with one monitor would be right")
            return None
        return _Walk(top.file, mistakes).node(root, (), root.start_mark.line + 1)
    except yaml.YAMLError as error:
        mistakes.tell(*_syntax(error, text, top.file))
    except RecursionError:
        mistakes.tell(top, "values are nested too deep; a configuration has a few levels")
    except _TooMany as error:
        mistakes.tell(error.args[0], f"more than {MOST_VALUES} values once aliases are expanded; write them out")
    except (ValueError, OverflowError):  # an escape or a directive with a number that is none: PyYAML lets it through
        mistakes.tell(top, "not YAML: an escape or a directive has a number beyond what there is")
    return None


def _text(path: Path, top: Place, mistakes: Mistakes) -> str | None:
    try:
        if path.exists() and not path.is_file():
            mistakes.tell(top, "not a file; the path of a YAML file would be right")
            return None
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        mistakes.tell(top, f"cannot be read: {why}; the path of a YAML file would be right")
        return None
    if len(content) > MOST_BYTES:
        mistakes.tell(top, f"more than {MOST_BYTES >> 20} MiB; that is no configuration")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        mistakes.tell(Place(file=top.file, line=line), f"byte 0x{content[error.start]:02x} is not UTF-8 text")
        return None


def _syntax(error: yaml.YAMLError, text: str, file: str) -> tuple[Place, str]:
    """Where YAML breaks, and why in our words."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark, problem = error.problem_mark, error.problem or ""
        why = f"not YAML: {problem}"
        written = [*text.splitlines(), ""][min(mark.line, len(text.splitlines()))]
        if "\\t" in problem or "\t" in written[: len(written) - len(written.lstrip())]:
            why = "a tab; YAML is indented with spaces"
        elif "alias" in f"{error.context} {problem}":
            why = "an alias that names no anchor; put a value that begins with `*` in quotes"
        elif "character '@'" in problem or "got '?'" in problem:
            why = "a text with @ in front, or with ? between braces, is to be in quotes: '@daily', 'cron(0 * ? * * *)'"
        elif "single document" in str(error.context):
            why = "a second document begins here (`---`); one file holds one document"
        return Place(file=file, line=mark.line + 1), why
    if isinstance(error, yaml.reader.ReaderError):
        line = text[: error.position].count("\n") + 1
        return Place(file=file, line=line), f"character {_code(error.character)} is not text"
    return Place(file=file), "not YAML"


def _code(character: Any) -> str:
    return f"0x{ord(character) if isinstance(character, str) else int(character):02x}"


class _TooMany(Exception):
    """Aliases that stand for more and more."""


Scalar: TypeAlias = str | int | float | bool | None


class _Walk:
    """From PyYAML's nodes to ours, each once for every place it is used at."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self._file = file
        self._mistakes = mistakes
        self._count = 0

    def node(self, node: yaml.Node, key: Key, line: int) -> Node:
        text = node.value if isinstance(node, yaml.ScalarNode) else None
        place = Place(file=self._file, line=line, key=key, text=text)
        self._count += 1
        if self._count > MOST_VALUES:
            raise _TooMany(place)
        if len(key) > DEEPEST:
            raise RecursionError
        return Node(self._value(node, key, place), place)

    def _value(self, node: yaml.Node, key: Key, place: Place) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == TAG + "map":
            return self._mapping(node, key)
        if isinstance(node, yaml.SequenceNode) and node.tag == TAG + "seq":
            return [self.node(item, (*key, i), item.start_mark.line + 1) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in PLAIN:
            return self._scalar(node, place)
        tag = node.tag.replace(TAG, "!!")
        self._mistakes.tell_unread(place, f"tag {tag!r} is not taken; plain YAML without tags would be right")
        return None

    def _mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for name_node, value_node in node.value:
            line = name_node.start_mark.line + 1
            place = Place(file=self._file, line=line, key=key)
            is_text = isinstance(name_node, yaml.ScalarNode) and name_node.tag == TAG + "str"
            name = name_node.value
            if not is_text:
                shown = repr(name) if isinstance(name, str) else "of several values"
                self._mistakes.tell(place, f"key {shown} is not a text; put it in quotes")
            elif NOT_TEXT.search(name):
                self._mistakes.tell(place, f"key {name!r} has characters that are not text")
            elif name in found:
                first = found[name].place.line
                self._mistakes.tell(place, f"key {name!r} is written twice, first at line {first}; keep one")
            else:
                found[name] = self.node(value_node, (*key, name), line)
        return found

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Scalar:
        text = str(node.value)
        try:
            match node.tag.removeprefix(TAG):
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text)
                case "float":
                    return float(text)
        except ValueError:
            self._mistakes.tell_unread(place, f"{named(text)} is not a number that can be read")
            return None
        if NOT_TEXT.search(text):
            self._mistakes.tell_unread(place, f"{named(text)} has characters that are not text")
            return None
        return text
