"""Text that came from captures, made safe to show: it moves no cursor, hides nothing and fits its place."""


def shown(text: str, most: int) -> str:
    r"""The text with everything that does not print as an escape, cut in the middle to `most` characters.

    Control characters, ANSI escapes, marks that turn the direction of writing, odd spaces and lone surrogates become
    escapes that can be read. Plain spaces stay.

    >>> shown("Day Mins", 10), shown("a\x1b[31mb\n", 20), shown("abcdefghijkl", 7)
    ('Day Mins', 'a\\x1b[31mb\\n', 'abc…jkl')
    """
    if len(text) <= most and text.isprintable():
        return text
    return _cut("".join(map(_escape, _cut(text, most))), most)


def _escape(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode("ascii")


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"
