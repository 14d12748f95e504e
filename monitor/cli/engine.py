"""The options that say where files are read."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeAlias

import click

from monitor.errors import InputError

Spelled: TypeAlias = str | Mapping[str, Mapping[str, str]]


def where_read(command: Callable[..., int]) -> Callable[..., int]:
    """Adds `--engine` and `--master`; the command gets one `engine`, as a configuration spells it."""

    @click.option(
        "--engine", type=click.Choice(["local", "processes", "spark"]), default="local", help="Where files are read."
    )
    @click.option("--master", help="Spark's master, such as spark://host:7077; by default as spark-submit says.")
    @wraps(command)
    def asked(*, engine: str, master: str | None, **options: Any) -> int:
        return command(**options, engine=_spelled(engine, master))

    return asked


def _spelled(name: str, master: str | None) -> Spelled:
    if master is None:
        return name
    if name != "spark":
        raise InputError(f"--master {master!r}: engine {name} has none; --engine spark would be right")
    return {"spark": {"master": master}}
