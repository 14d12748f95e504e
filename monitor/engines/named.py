"""Engines by their names, as configurations and commands spell them."""

from collections.abc import Mapping
from typing import Any

from monitor.child.limits import Limits
from monitor.engines.engine import Engine
from monitor.errors import InputError

NAMES = ("local", "processes", "spark")


def engine_of(given: str | Mapping[str, Any] | Engine, limits: Limits) -> Engine | None:
    """The engine of this name, or of `{"spark": {"master": ..., "options": ...}}`; None of `local`, which is none.

    `limits` say how much memory a process may use; executors of Spark have what Spark gives them. Raises InputError.
    """
    if given == "local":
        return None
    if given == "processes":
        from monitor.engines.processes import Processes

        return Processes(limits.memory_bytes)
    if given == "spark" or (isinstance(given, Mapping) and "spark" in given):
        from monitor.engines.spark import Spark

        return Spark(**given["spark"]) if isinstance(given, Mapping) else Spark()
    if isinstance(given, str | Mapping):
        raise InputError(f"engine {given!r}: unknown; {', '.join(NAMES)} would be right")
    return given
