"""Tokens: the text of a formula in pieces, and the words of its grammar."""

import re
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 60  # characters in a message
PATTERN = re.compile(
    r"""(?P<time>(?=[0-9]+[wdhms])(?:[0-9]{1,9}w)?(?:[0-9]{1,9}d)?(?:[0-9]{1,9}h)?(?:[0-9]{1,9}m)?
        (?:[0-9]{1,9}s)?)(?![\w.])
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?:[ ]?%)?)(?![\w.])
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)+`)
    |(?P<word>[^\W\d][\w.]*)
    |(?P<sign>==|!=|<=|>=|[-+*/^<>])
    |(?P<mark>[(),])
    |(?P<end>\Z)""",
    re.VERBOSE,
)
PLAIN = re.compile(r"[^\W\d][\w.]*")
TIMES: Final = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
"""Seconds by unit of time."""
OVER: Final = ("avg", "min", "max", "sum", "std", "count", "quantile")
OF_ONE: Final = ("abs", "rate", "diff", "lag", "fill", "if")
FUNCTIONS: Final = (*OVER, *OF_ONE)
LOGIC: Final = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: `kind` is a group of the pattern, or odd for what the grammar does not have."""

    kind: str
    text: str
    at: int

    @property
    def after(self) -> int:
        return self.at + len(self.text)

    @property
    def word(self) -> str:
        """The text of a word in lower case; empty for anything else."""
        return self.text.lower() if self.kind == "word" else ""

    @property
    def meant(self) -> str:
        """What a text in quotes stands for; a word as it is."""
        if self.kind != "text":
            return self.text
        quote = self.text[0]
        return self.text[1:-1].replace(quote * 2, quote)


def token_at(text: str, at: int) -> Token:
    """The token that begins here, or behind the blanks here; ValueError for a quote that is never closed.

    >>> token_at("mean(a) < 90%", 8), token_at("1d12h", 0).kind, token_at("3rd", 0).kind
    (Token(kind='sign', text='<', at=8), 'time', 'odd')
    """
    while at < len(text) and text[at].isspace():
        at += 1
    found = PATTERN.match(text, at)
    if found is not None:
        return Token(found.lastgroup or "", found[0], at)
    sign = text[at]
    if sign in "'\"`":
        raise ValueError(
            f"{shown(text)} opens a name at character {at + 1} and never closes it; a {sign} at its end would be right"
        )
    stop = re.compile(r"[\w.%]+|[=!<>&|]+|.", re.DOTALL).match(text, at)
    return Token("odd", stop[0] if stop else sign, at)


def shown(text: str) -> str:
    """A text in a message."""
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}...")
