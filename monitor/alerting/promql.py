"""Texts inside of PromQL, Alertmanager's matchers and Go's templates: whatever a name holds, it stays a text."""

import re
from collections.abc import Iterable, Mapping

from monitor.metrics.labels import clean

NEVER, ANY = r"[^\w\W]", "."
_SET = re.compile(r"\[(!?+)(.[^\]]*)\]", re.DOTALL)


def quoted(text: str) -> str:
    r"""A string of PromQL, or of a matcher.

    >>> print(quoted('say "a\\b"'))
    "say \"a\\b\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def literal(text: str) -> str:
    """A text in a Go template, in which braces mean nothing.

    >>> literal("a {{ b")
    'a {{ "{{" }} b'
    """
    return text.replace("{{", '{{ "{{" }}')


def series(name: str, labels: Mapping[str, str]) -> str:
    """A series, or a selector of those with these labels.

    >>> series("up", {"job": "driftd"})
    'up{job="driftd"}'
    """
    return f"{name}{{{', '.join(f'{label}={quoted(value)}' for label, value in labels.items())}}}"


def one_of(texts: Iterable[str]) -> str:
    r"""An expression that matches these texts and no other, as a string; it is anchored where it is used.

    >>> print(one_of(["b.c", "a"]))
    "a|b\\.c"
    """
    return quoted("|".join(_escaped(text) for text in sorted(texts)))


def like(globs: Iterable[str]) -> str:
    """An expression that matches what one of these patterns matches, as a string. `*`, `?` and `[abc]` mean something.

    >>> print(like(["amount_*", "v[!12]?"]))
    "amount_.*|v[^12]."
    """
    return quoted("|".join(_expression(clean(glob)) for glob in globs))


def _expression(glob: str) -> str:
    found, at = "", 0
    while at < len(glob):
        a_set = _SET.match(glob, at)
        if a_set is not None:
            found, at = found + _one_character(a_set[2], is_other=bool(a_set[1])), a_set.end()
            continue
        found += {"*": ".*", "?": ANY}.get(glob[at]) or _escaped(glob[at])
        at += 1
    return found


def _one_character(inside: str, *, is_other: bool) -> str:
    """A set of a pattern: single characters, and ranges; those that run backwards hold nothing."""
    parts, at = "", 0
    while at < len(inside):
        if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            low, high = inside[at], inside[at + 2]
            parts += f"{_inside(low)}-{_inside(high)}" if low <= high else ""
            at += 3
        else:
            parts += _inside(inside[at])
            at += 1
    if not parts:
        return ANY if is_other else NEVER
    return f"[{'^' if is_other else ''}{parts}]"


def _escaped(text: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", text)


def _inside(character: str) -> str:
    return f"\\{character}" if character in r"\[]^-&~|" else character


def example(glob: str, filler: str) -> str:
    """A name that a pattern of features matches, with this text in the place of `*`.

    >>> example("amount_*", "x"), example("v[!12]?", "x")
    ('amount_x', 'vxx')
    """
    sets = _SET.sub(lambda found: "x" if found[1] else found[2][0], glob)
    return sets.replace("*", filler).replace("?", "x")


def duration(seconds: float) -> str:
    """What `humanizeDuration` makes of whole seconds, a minute at least.

    >>> duration(8100), duration(90 * 86400), duration(75)
    ('2h 15m 0s', '90d 0h 0m 0s', '1m 15s')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (rest, "s")]
    first = next(number for number, (count, unit) in enumerate(parts) if count or unit == "m")
    return " ".join(f"{count}{unit}" for count, unit in parts[first:])
