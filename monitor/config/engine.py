"""The key `engine`: where measuring runs."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from monitor.config.mistakes import meant

NAMES = ("local", "processes", "spark")
RIGHT = "local, processes or {spark: {master: 'spark://host:7077'}} would be right"


def engine_of(value: Any) -> str | Mapping[str, Any]:
    """The engine as it is written; of Spark every key. Raises ValueError."""
    if value == "spark":
        value = {"spark": {}}
    if isinstance(value, str) and value in NAMES:
        return value
    if not isinstance(value, dict) or list(value) != ["spark"]:
        raise ValueError(f"is no engine; {meant(value, NAMES) if isinstance(value, str) else RIGHT}")
    given = {} if value["spark"] is None else value["spark"]
    if isinstance(given, str):
        given = {"master": given}
    if not isinstance(given, dict):
        raise ValueError(f"has a spark that is no mapping; {RIGHT}")
    odd = [name for name in given if name not in ("master", "options")]
    if odd:
        raise ValueError(f"has the unknown key {odd[0]!r} under spark; {meant(str(odd[0]), ['master', 'options'])}")
    master, options = given.get("master", ""), given.get("options") or {}
    if not isinstance(master, str):
        raise ValueError("has a master that is no text; 'local[2]' or spark://host:7077 would be right")
    if not isinstance(options, dict) or not all(isinstance(v, str | int | float) for v in options.values()):
        raise ValueError("has options that are no mapping; {spark.executor.memory: 4g} would be right")
    told = {str(name): str(v).lower() if isinstance(v, bool) else str(v) for name, v in options.items()}
    return {"spark": {"master": master, "options": told}}


EngineName: TypeAlias = Annotated[str | Mapping[str, Any], BeforeValidator(engine_of)]
