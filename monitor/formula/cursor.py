"""Cursor: goes through the tokens of a formula, reads what stands alone, and says what is wrong where it stands."""

import math
import re
from datetime import timedelta
from decimal import Decimal
from typing import Final, NoReturn

from monitor.formula.tokens import TIMES, Token, shown, token_at
from monitor.formula.words import Back

DEEPEST: Final = 32  # brackets, functions, nots, minuses and powers inside each other
MOST_WINDOWS: Final = 100_000  # of a function
LONGEST_BACK: Final = timedelta(days=3660)

BACK = "how far back, such as 1d, or a number of windows such as 24,"
MEANT = {"=": "==", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
"""Signs of other languages."""


class Cursor:
    """Stands before `token`; `behind` is the text of the token before it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.behind = ""
        self.token = token_at(text, 0)
        self.depth = 0

    def next(self) -> Token:
        """The token, which is behind then."""
        token = self.token
        self.behind = token.text
        self.token = token_at(self.text, token.after)
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

    def deeper(self) -> None:
        """One level down; whoever went there comes back by taking one from `depth`."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.wrong(f"at most {DEEPEST} brackets, functions, nots, minuses and powers inside each other")

    def number(self) -> float:
        """The number that is next, a per cent as a share."""
        token = self.next()
        digits = token.text.rstrip("% ")
        found = float(digits)
        if not math.isfinite(found):
            self.wrong("a number up to 1e308", token)
        return float(Decimal(digits) / 100) if token.text.endswith("%") else found

    def back(self) -> Back:
        """How far back: the stretch of time or the number of windows that is next."""
        token = self.token
        if token.kind == "number" and token.text.isdigit():
            if not 1 <= int(token.text) <= MOST_WINDOWS:
                self.wrong(f"from 1 to {MOST_WINDOWS} windows")
            return int(self.next().text)
        if token.kind != "time":
            self.wrong(BACK)
        parts = re.findall(r"([0-9]+)([wdhms])", token.text)
        length = sum(int(digits) * TIMES[unit] for digits, unit in parts)
        if not 0 < length <= LONGEST_BACK.total_seconds():
            self.wrong(f"from 1s to {LONGEST_BACK.days}d")
        self.next()
        return timedelta(seconds=length)

    def wrong(self, right: str, token: Token | None = None) -> NoReturn:
        """ValueError that says what stands where, and what would be right."""
        token = token or self.token
        at = f"has {shown(token.text)} at character {token.at + 1}"
        what = f"ends after {shown(self.behind)}" if token.kind == "end" else at
        right = f"`{MEANT[token.text]}`" if token.text in MEANT else right
        raise ValueError(f"{shown(self.text)} {what}; {right} would be right")
