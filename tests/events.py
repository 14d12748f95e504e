"""Events as they are published, held against their schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema

import monitor

SCHEMA = json.loads((Path(monitor.__file__).parent / "schemas" / "event.schema.json").read_text())


def check(document: Any) -> None:
    """Raises where an event does not keep to the schema."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator, format_checker=checker)
