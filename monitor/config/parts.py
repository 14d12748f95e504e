"""What a part of the grammar is: a frozen model that knows its scalar, and its keys of later versions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ClassVar, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf, PlainSerializer, ValidationInfo
from pydantic.fields import FieldInfo

from monitor.config import values
from monitor.place import Url, is_url, mistake


class Part(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    LATER: ClassVar[tuple[str, ...]] = ()
    """Keys of later versions: known, and refused until they do something."""
    SCALAR: ClassVar[str] = ""
    """The key that a scalar in place of the mapping stands for."""
    INSTEAD: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Keys that a default no longer has once the monitor has written this one."""

    @classmethod
    def keys(cls) -> dict[str, FieldInfo]:
        """Its keys as they are written."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    @classmethod
    def scalar_key(cls, value: Any) -> str:  # noqa: ARG003  a schedule looks at it
        """The key that this scalar stands for; empty where none is taken."""
        return cls.SCALAR


def _path(value: Any, info: ValidationInfo) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a path; the path of a file or folder would be right")
    if is_url(value):
        raise ValueError("is a URL; a local path would be right here")
    return folder_of(info) / value


def _location(value: Any, info: ValidationInfo) -> Path | Url:
    if isinstance(value, Url):
        return value
    if not isinstance(value, str) or not is_url(value):
        return _path(value, info)
    wrong = mistake(value)
    if wrong:
        raise ValueError(wrong)
    return Url(value.rstrip("/"))


def _script(value: Any, info: ValidationInfo) -> Path | None:
    if value is None:
        return None
    path = _path(value, info)
    if not path.is_file():
        raise ValueError(f"names {str(path)!r}, and there is no such file; a Python script would be right")
    return path


def folder_of(info: ValidationInfo) -> Path:
    """The folder that relative paths are relative to."""
    folder: Path = (info.context or {})["folder"]
    return folder


def _texts(value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(text, str) and text for text in found):
        raise ValueError('is not a list of texts; ["a", "b*"] would be right')
    return tuple(found)


Folder: TypeAlias = Annotated[Path, BeforeValidator(_path)]
Location: TypeAlias = Annotated[InstanceOf[Path] | InstanceOf[Url], BeforeValidator(_location), PlainSerializer(str)]
Script: TypeAlias = Annotated[Path | None, BeforeValidator(_script)]
Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Duration: TypeAlias = Annotated[timedelta, BeforeValidator(values.duration), PlainSerializer(values.duration_text)]
LongDuration: TypeAlias = Annotated[
    timedelta, BeforeValidator(values.positive_duration), PlainSerializer(values.duration_text)
]
Interval: TypeAlias = Annotated[timedelta, BeforeValidator(values.interval), PlainSerializer(values.duration_text)]
Stretch: TypeAlias = Annotated[
    timedelta | tuple[timedelta, timedelta], BeforeValidator(values.stretch), PlainSerializer(values.stretch_text)
]
Size: TypeAlias = Annotated[int, BeforeValidator(values.size_bytes), PlainSerializer(values.size_text)]
Share: TypeAlias = Annotated[float, BeforeValidator(values.share), PlainSerializer(values.share_text)]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(values.moment)]
Cron: TypeAlias = Annotated[str, BeforeValidator(values.cron)]
Zone: TypeAlias = Annotated[str, BeforeValidator(values.timezone)]


def inner(annotation: Any, name: str | int) -> Any:
    """The annotation of what stands under this key or index."""
    annotation = bare(annotation)
    if is_part(annotation):
        field = annotation.keys().get(str(name))
        return field.annotation if field is not None else Any
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else Any


def bare(annotation: Any) -> Any:
    """The annotation without `Annotated` and `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return bare(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Part)
