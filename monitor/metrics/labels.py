"""Label values out of any text: a name that a hostile file chose gives a valid, unique, short value."""

from collections.abc import Iterable, Mapping

LONGEST = 200
REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    r"""At most 200 characters, none of which controls anything.

    >>> clean("Day Mins"), clean("a\nb\x1b[31m\ud800"), len(clean("x" * 900))
    ('Day Mins', 'a�b�[31m�', 200)
    """
    cut = text[:LONGEST]
    return cut if cut.isprintable() else "".join(c if c.isprintable() else REPLACEMENT for c in cut)


def unique(names: Iterable[str]) -> Mapping[str, str]:
    """A value for each name; names that would get the same one are numbered, as no series may be there twice.

    >>> list(unique(["a", "b" * 300, "b" * 301]).values()) == ["a", "b" * 200, "b" * 198 + "~2"]
    True
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        value, number = clean(name), 1
        while value in taken:
            number += 1
            mark = f"~{number}"
            value = clean(name)[: LONGEST - len(mark)] + mark
        taken.add(value)
        found[name] = value
    return found


def pair(label: str, value: str) -> str:
    r"""A label and its value, which is clean, as the exposition has them.

    >>> print(pair("feature", 'say "a\\b"'))
    feature="say \"a\\b\""
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{label}="{escaped}"'
