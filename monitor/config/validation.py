"""A tree held against the grammar: pydantic's errors in our words, at the line where the value is written."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from monitor.config.mistakes import Key, Mistakes, Place, meant, named, place_at
from monitor.config.parts import Part, bare, inner, is_part

P = TypeVar("P", bound=Part)

WRONG = {
    "string_type": "is not a text; put it in quotes",
    "bool_type": "is not a truth value; true or false would be right",
    "int_type": "is not a whole number; 1, 2, 3 would be right",
    "tuple_type": "is not a list; [a, b] would be right",
    "dict_type": "is not a mapping; {key: value} would be right",
    "mapping_type": "is not a mapping; {key: value} would be right",
}


def validated(
    model: type[P], data: Any, places: Mapping[Key, Place], context: Mapping[str, Any], mistakes: Mistakes
) -> P | None:
    """The part, or None and its mistakes told. `places` are by key path from this part on."""
    found = told(model, data, places, context, mistakes)
    return found if isinstance(found, model) else None


def told(
    model: type[P],
    data: Any,
    places: Mapping[Key, Place],
    context: Mapping[str, Any],
    mistakes: Mistakes,
    *,
    is_whole: bool = True,
) -> P | set[Key]:
    """The part, or the key paths of its mistakes. A part that is not whole, such as defaults, may lack keys."""
    try:
        return model.model_validate(data, context=dict(context))
    except ValidationError as error:
        details = {tuple(detail["loc"]): detail for detail in error.errors(include_url=False)}
        for key, detail in details.items():
            if detail["type"] != "missing" or (is_whole and not _is_misspelt(key, details)):
                _tell(model, detail, key, places, mistakes)
        return set(details)


def _is_misspelt(missing: Key, details: Mapping[Key, Any]) -> bool:
    """Whether a key is missing because it stands there under a name that is close: one mistake, not two."""
    unknown = [key for key, detail in details.items() if detail["type"] == "extra_forbidden"]
    near = [str(key[-1]) for key in unknown if key[:-1] == missing[:-1]]
    return bool(get_close_matches(str(missing[-1]), near, n=1))


def _tell(model: type[Part], detail: Any, key: Key, places: Mapping[Key, Place], mistakes: Mistakes) -> None:
    place = place_at(places, key)
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        outer = replace(place, key=place.key[:-1])
        mistakes.tell(outer, _unknown(_part(model, key[:-1]), str(key[-1])))
    elif kind == "missing":
        field = _part(model, key[:-1]).keys()[str(key[-1])]
        mistakes.tell(place, f"key {key[-1]!r} is missing; `{(field.examples or ['it'])[0]}` would be right")
    elif kind == "value_error":
        what = str(detail["ctx"]["error"])
        mistakes.tell(place, f"{named(value, place)} {what}" if what.startswith("is ") else what)
    else:
        mistakes.tell(place, f"{named(value, place)} {_wrong(kind, detail.get('ctx', {}))}")


def _wrong(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return f"is not known here; {str(context['expected']).replace(chr(39), '')} would be right"
    if kind == "less_than_equal":
        return f"is too large; {context['le']} or less would be right"
    if kind == "greater_than_equal":
        return f"is too small; {context['ge']} or more would be right"
    if kind in ("model_type", "model_attributes_type"):
        return WRONG["dict_type"]
    return WRONG.get(kind, "is not what belongs here")


def _unknown(part: type[Part], name: str) -> str:
    if name in part.LATER:
        return f"key {name!r}: comes with a later version of driftd and does nothing yet; remove it"
    return f"unknown key {name!r}; {meant(name, list(part.keys()))}"


def _part(model: type[Part], key: Key) -> type[Part]:
    annotation: Any = model
    for name in key:
        annotation = inner(annotation, name)
    found = bare(annotation)
    return found if is_part(found) else model
