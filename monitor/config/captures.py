"""Captures: where they lie, and how they are to be read."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, ValidationInfo

from monitor.config.mistakes import meant
from monitor.config.parts import Location, Part
from monitor.decode.layout import layout_of


def capture_format(value: Any, info: ValidationInfo) -> Any:
    """The name of a format, or where a mapped one keeps what."""
    known = ["auto", *(info.context or {})["formats"]]
    if isinstance(value, dict):
        layout_of(value)  # whatever is wrong in it
        return value
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"is not a capture format; {meant(str(value), known)}")
    return value


class Captures(Part):
    """Where captures lie, and how they are to be read."""

    SCALAR: ClassVar[str] = "path"

    path: Location = Field(examples=["captures: data/captures/churn"])
    format: Annotated[str | Mapping[str, Any], BeforeValidator(capture_format)] = "auto"
    header: Literal["auto", "yes", "no"] = "auto"


def _column(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not value):
        raise ValueError("is not the name of a column; a text such as request_id would be right")
    return value


Column: TypeAlias = Annotated[str | None, BeforeValidator(_column)]
