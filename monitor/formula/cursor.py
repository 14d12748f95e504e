"""Cursor: goes through the tokens of a formula, and reads what stands alone."""

import math
import re
from datetime import timedelta
from decimal import Decimal
from typing import Final, NoReturn

from monitor.formula.tokens import TIMES
from monitor.formula.words import Back
from monitor.tokens import Token, Tokens

MOST_WINDOWS: Final = 100_000  # of a function
LONGEST_BACK: Final = timedelta(days=3660)

BACK = "how far back, such as 1d, or a number of windows such as 24,"
MEANT = {"=": "==", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
"""Signs of other languages."""


class Cursor(Tokens):
    """Reads the tokens of a formula."""

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
        """ValueError; for the sign of another language with that of this one."""
        text = (token or self.token).text
        super().wrong(f"`{MEANT[text]}`" if text in MEANT else right, token)
