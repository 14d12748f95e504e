"""The options that say where files are read."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias

import click

from monitor.cli.progress import size_of
from monitor.engines.engine import Engine
from monitor.errors import InputError
from monitor.place import Place

Spelled: TypeAlias = str | Mapping[str, Mapping[str, str]]
LARGE_BYTES = 192 << 20
"""From here on several processes gain more than it costs to start them."""


def where_read(command: Callable[..., int]) -> Callable[..., int]:
    """Adds `--engine` and `--master`; the command gets one `engine`, as a configuration spells it, or None."""

    @click.option(
        "--engine",
        type=click.Choice(["local", "processes", "spark"]),
        help="Where files are read: here, or by all cores where they are large, unless it is said.",
    )
    @click.option("--master", help="Spark's master, such as spark://host:7077; by default as spark-submit says.")
    @wraps(command)
    def asked(*, engine: str | None, master: str | None, **options: Any) -> int:
        return command(**options, engine=_spelled(engine, master))

    return asked


def by_size(captures: Sequence[Place], large: int = LARGE_BYTES) -> str | Engine:
    """The engine where none is named: this machine's processes for large files, whatever the number of its cores,
    for how a reading is cut shows in last digits.

    They begin to load at once, while the baseline is read here.
    """
    if sum(size_of(path) for path in captures if isinstance(path, Path)) < large:
        return "local"
    from monitor.engines.processes import Processes

    return Processes().ready()


def _spelled(name: str | None, master: str | None) -> Spelled | None:
    if master is None:
        return name
    if name != "spark":
        raise InputError(f"--master {master!r}: engine {name or 'local'} has none; --engine spark would be right")
    return {"spark": {"master": master}}
