"""`${NAME}` and `${NAME:-default}` in the values of a configuration, filled in after it was parsed.

A value that is filled in is a text and stays one: it can bring no key, no list and no comment with it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from monitor.config.lines import Node
from monitor.config.mistakes import Mistakes, Place

NAMED = re.compile(r"\$\$|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?")


def expanded(node: Node, environment: Mapping[str, str], mistakes: Mistakes) -> Node:
    """The tree with names of the environment replaced in texts; `$$` is one `$`, and a lone `$` stays as it is.

    A name that is not set and has no default is a mistake, as is a `${` that is not closed.
    """
    if isinstance(node.value, dict):
        return replace(node, value={name: expanded(n, environment, mistakes) for name, n in node.value.items()})
    if isinstance(node.value, list):
        return replace(node, value=[expanded(n, environment, mistakes) for n in node.value])
    if isinstance(node.value, str) and "$" in node.value:
        return replace(node, value=_filled(node.value, node.place, environment, mistakes))
    return node


def _filled(text: str, place: Place, environment: Mapping[str, str], mistakes: Mistakes) -> str:
    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, default = found[1], found[2]
        if name is None:
            mistakes.tell_unread(
                place, "has a '${' that names nothing; ${NAME}, ${NAME:-default} or $${ would be right"
            )
            return ""
        if name not in environment and default is None:
            mistakes.tell_unread(
                place, f"environment variable {name!r} is not set; set it, or write ${{{name}:-default}}"
            )
        return environment.get(name, default or "")

    return NAMED.sub(value, text)
