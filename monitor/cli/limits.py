"""`--limit NAME=VALUE`: how large one thing in a capture may be."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from monitor.sizes import Sizes

OPTION = click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    help="What is refused beyond: line=64MiB, depth=100, columns=10000, values=1000000, unpacked=200 (times its size).",
)


def sizes_of(given: tuple[str, ...], known: "Sizes | None" = None) -> "Sizes":
    """The limits with those that were given. Raises InputError."""
    from monitor.errors import InputError
    from monitor.sizes import Sizes

    found = known or Sizes()
    for text in given:
        name, _, value = text.partition("=")
        if name not in {field.name for field in fields(Sizes)}:
            names = ", ".join(field.name for field in fields(Sizes))
            raise InputError(f"--limit {text!r}: {name!r} is not a limit; one of {names} would be right")
        changed: dict[str, Any] = {name: _number(text, name, value)}
        try:
            found = replace(found, **changed)
        except ValueError as error:
            raise InputError(f"--limit {text!r}: {error}") from None
    return found


def _number(text: str, name: str, value: str) -> int:
    from monitor.errors import InputError

    if value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if name == "line":
        from monitor.config.values import size_bytes

        try:
            return size_bytes(value)
        except ValueError as error:
            raise InputError(f"--limit {text!r}: {value!r} {error}") from None
    raise InputError(f"--limit {text!r}: {value!r} is not a whole number; {name}=1000 would be right")
