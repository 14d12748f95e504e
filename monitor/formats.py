"""Formats by name: those in `decode`, the layouts in `shipped/formats/*.yaml`, and a layout from a user's file."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.decode import FORMATS
from monitor.decode.format import Format
from monitor.decode.layout import Layout, layout_of
from monitor.decode.mapped import format_of
from monitor.errors import InputError

SHIPPED = Path(__file__).parent / "shipped" / "formats"
SPACES = b"\xef\xbb\xbf \t\r\n"
NARROW = ("sagemaker",)  # asked first whether a file is theirs; then the shipped layouts, then the wide ones


@cache
def known() -> Mapping[str, Format]:
    """All formats by name, in the order in which they are asked whether a file is theirs."""
    layouts = {path.stem: format_of(*read(path)) for path in sorted(SHIPPED.glob("*.yaml"))}
    narrow = {name: FORMATS[name] for name in NARROW}
    return {**narrow, **layouts, **FORMATS}


def told(head: bytes) -> tuple[str, Format | None]:
    """The format that recognises the first bytes of a file, and its name; none where none does."""
    if b"\x00" in head:
        return "", None
    # Layouts are of JSON records: for anything else they need not be read.
    asked = known() if head.lstrip(SPACES).startswith((b"{", b"[")) and not _is_narrow(head) else FORMATS
    return next(((name, form) for name, form in asked.items() if form.recognises(head)), ("", None))


def of_table(columns: Collection[str]) -> tuple[str, Format]:
    """The format of a columnar file that has these columns, and its name."""
    names = frozenset(columns)
    name = next((n for n, form in known().items() if any(keys <= names for keys in form.columns)), "parquet")
    return name, known()[name]


def _is_narrow(head: bytes) -> bool:
    return any(FORMATS[name].recognises(head) for name in NARROW)


def named(name: str) -> Format:
    """The format of this name, or of the layout in the file of this name. Raises InputError."""
    if name in known():
        return known()[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.exists():
        return format_of(*read(path))
    right = f"one of auto, {', '.join(known())}, or a YAML file with a mapped format"
    raise InputError(f"format {name!r}: unknown; {right} would be right")


def chosen(given: str | Mapping[str, Any]) -> str | Format:
    """The format that a configuration names or spells."""
    return given if isinstance(given, str) else format_of(layout_of(given), "mapped")


def read(path: Path) -> tuple[Layout, str]:
    """A layout from a file such as `{about: ..., format: {jsonl: {...}}}`, and what it says it is for."""
    import yaml

    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict) or "format" not in document:
        raise InputError(f"{path}: has no key 'format'; `format: {{jsonl: {{inputs: $.inputs}}}}` would be right")
    try:
        return layout_of(document["format"]), str(document.get("about") or path.stem)
    except ValueError as error:
        raise InputError(f"{path}: format: {error}") from None
