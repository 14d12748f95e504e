"""What is done to the tree before it is held against the grammar: includes, scalars spelled out, defaults laid."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path
from typing import Any, get_origin

from monitor.config.environment import expanded
from monitor.config.lines import Node, read
from monitor.config.mistakes import Mistakes, Place, named
from monitor.config.parts import bare, inner, is_part


def spelled(node: Node, annotation: Any) -> Node:
    """The tree with every scalar that stands for a mapping spelled out, so that defaults can be laid under it."""
    part = bare(annotation)
    if isinstance(node.value, dict):
        return replace(node, value={name: spelled(child, inner(part, name)) for name, child in node.value.items()})
    if isinstance(node.value, list):
        if is_part(part):
            return node
        return replace(node, value=[spelled(child, inner(part, i)) for i, child in enumerate(node.value)])
    if get_origin(part) is tuple and is_part(inner(part, 0)) and node.value is not None:
        return Node([spelled(node, inner(part, 0))], node.place)
    name = part.scalar_key(node.value) if is_part(part) and node.value is not None else ""
    return Node({name: node}, node.place) if name else node


def laid(under: Node, over: Node, annotation: Any) -> Node:
    """Defaults under what is written: mappings are merged, everything else replaces."""
    part = bare(annotation)
    if part is float or not isinstance(under.value, dict) or not isinstance(over.value, dict):
        return over  # a number may be written as a mapping: {psi: 0.1}
    instead = part.INSTEAD if is_part(part) else {}
    gone = {name for written in over.value for name in instead.get(written, ())}
    value = {name: node for name, node in under.value.items() if name not in gone}
    for name, node in over.value.items():
        value[name] = laid(value[name], node, inner(part, name)) if name in value else node
    return Node(value, over.place)


def included(root: Node, path: Path, environment: Mapping[str, str], mistakes: Mistakes) -> dict[str, Node]:
    """The monitors of the files that `include` names, by name; each name is taken once."""
    own = root.value.get("monitors")
    found: dict[str, Node] = dict(own.value) if own is not None and isinstance(own.value, dict) else {}
    for file in _files(root.value.get("include"), path, mistakes):
        tree = read(file, mistakes)
        if tree is None:
            continue
        for name, node in _monitors(expanded(tree, environment, mistakes), mistakes):
            if name in found:
                first = found[name].place
                at = f"{first.file}:{first.line}"
                mistakes.tell(node.place, f"monitor {name!r} is written twice, first in {at}; give it another name")
            else:
                found[name] = node
    return found


def _files(include: Node | None, path: Path, mistakes: Mistakes) -> list[Path]:
    """The files in order, each once; the file that includes is not one of them."""
    if include is None:
        return []
    patterns = include.value if isinstance(include.value, list) else [include]
    files: dict[Path, None] = {}
    for node in patterns:
        if not isinstance(node.value, str) or not node.value:
            continue
        matches = [path.parent / match for match in sorted(glob(node.value, root_dir=path.parent))]
        if not matches:
            what = "a pattern that matches a file" if has_magic(node.value) else "the path of a file"
            mistakes.tell(node.place, f"{named(node.value)}: no such file beside {path.name}; {what} would be right")
        files.update(dict.fromkeys(match for match in matches if match.resolve() != path.resolve()))
    return list(files)


def _monitors(tree: Node, mistakes: Mistakes) -> Iterator[tuple[str, Node]]:
    if not isinstance(tree.value, dict):
        mistakes.tell(tree.place, f"{named(tree.plain())} at the top; `monitors:` with one monitor would be right")
        return
    for name, node in tree.value.items():
        if name != "monitors":
            place = Place(file=node.place.file, line=node.place.line)
            mistakes.tell(place, f"key {name!r}: an included file holds monitors only; write it in the including file")
        elif not isinstance(node.value, dict):
            mistakes.tell(
                node.place, f"{named(node.plain(), node.place)} is not a mapping; one of monitors would be right"
            )
        else:
            yield from node.value.items()
