"""Tokens: the pieces of a text, one after the other, for whoever reads a grammar; what is wrong is told where it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeVar

SHOWN: Final = 60  # characters in a message
DEEPEST: Final = 32  # things inside each other
QUOTES: Final = ("'", '"', "`")
QUOTED: Final = ("text", "column")
"""Kinds of tokens that stand in quotes."""

Part = TypeVar("Part")


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
        """What a text in quotes stands for, in which a quote is written twice; anything else as it is."""
        if self.kind not in QUOTED:
            return self.text
        quote = self.text[0]
        return self.text[1:-1].replace(quote * 2, quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What a text is made of.

    `pattern` has the groups `word`, `mark`, `sign`, `end` and whatever else there is; `odd` is how far a piece reaches
    that it does not have. `opens` says of quotes what they open, `inside` what may stand inside each other.
    """

    pattern: re.Pattern[str]
    inside: str
    odd: re.Pattern[str] = field(default_factory=lambda: re.compile(".", re.DOTALL))
    opens: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(QUOTES, "name"))


class Tokens:
    """Stands before `token`; `behind` is the text of the token before it."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        self.behind = ""
        self.token = self.token_at(0)
        self.depth = 0

    def next(self) -> Token:
        """The token, which is behind then."""
        token = self.token
        self.behind = token.text
        self.token = self.token_at(token.after)
        return token

    def took(self, what: str) -> bool:
        """Whether this word, mark or sign is next; then it is behind."""
        if self.token.word != what and not (self.token.kind in ("mark", "sign") and self.token.text == what):
            return False
        self.next()
        return True

    def take(self, what: str, right: str) -> None:
        """Go behind this word or mark; ValueError where it is not next."""
        if not self.took(what):
            self.wrong(right)

    def several(self, word: str, one: Callable[[], Part]) -> tuple[Part, ...]:
        """What one reads, and more of it as long as this word or mark stands between."""
        parts = [one()]
        while self.took(word):
            parts.append(one())
        return tuple(parts)

    def end(self, right: str) -> None:
        """ValueError where the text goes on."""
        if self.token.kind != "end":
            self.wrong(right)

    def deeper(self) -> None:
        """One level down; whoever went there comes back by taking one from `depth`."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.wrong(f"at most {DEEPEST} {self.grammar.inside} inside each other")

    def token_at(self, at: int) -> Token:
        """The token that begins here, or behind the blanks here; ValueError for a quote that is never closed."""
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        found = self.grammar.pattern.match(self.text, at)
        if found is not None:
            return Token(found.lastgroup or "", found[0], at)
        sign = self.text[at]
        if sign in QUOTES:
            what = f"opens a {self.grammar.opens[sign]} at character {at + 1} and never closes it"
            raise ValueError(f"{shown(self.text)} {what}; a {sign} at its end would be right")
        odd = self.grammar.odd.match(self.text, at)
        return Token("odd", odd[0] if odd else sign, at)

    def wrong(self, right: str, token: Token | None = None) -> NoReturn:
        """ValueError that says what stands where, and what would be right."""
        raise ValueError(f"{shown(self.text)} {self.placed(token or self.token)}; {right} would be right")

    def placed(self, token: Token) -> str:
        """What stands where, in a message."""
        if token.kind == "end":
            return f"ends after {shown(self.behind)}"
        return f"has {shown(token.text)} at character {token.at + 1}"


def shown(text: str) -> str:
    """A text in a message."""
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}...")


def refuse_size(text: str, longest: int, right: str) -> None:
    """ValueError for a text that is too long, or empty."""
    if len(text) > longest:
        raise ValueError(f"{shown(text)} has {len(text)} characters; up to {longest} would be right")
    if not text.strip():
        raise ValueError(f"{text!r} is empty; {right} would be right")
