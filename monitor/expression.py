"""Expression: a condition on the columns of a row, from its text. The grammar of `where`, and nothing else.

    condition   column = 3, == != <> < <= > >= with numbers, 'texts' or "texts", true or false;
                column is [not] null; column [not] in (1, 'a'); column [not] like 'ab%'; column [not] between 1 and 2
    together    and, or, not, parentheses
    column      letters, digits, _ and . as they are; any other name in backticks: `Day Mins`

Words are known in any case. A quote inside a text, or a backtick inside a name, is written twice.
"""

import math
import re
from dataclasses import dataclass
from typing import NoReturn

from monitor.condition import Among, Both, Compare, Condition, Either, Like, Not, Null, Value

LONGEST, DEEPEST, SHOWN = 2000, 32, 60  # characters, parentheses and nots inside each other, characters in a message


def parsed(text: str) -> Condition:
    """The condition that a text writes; ValueError says where it goes wrong and what would be right.

    >>> parsed("test_traffic is null and age >= 18")
    Both(parts=(Null(column='test_traffic'), Compare(column='age', sign='>=', value=18)))
    >>> parsed("test_traffic == ")
    Traceback (most recent call last):
    ValueError: 'test_traffic == ' ends after '=='; a value such as 3 or 'yes' would be right
    """
    if len(text) > LONGEST:
        raise ValueError(f"{_shown(text)} has {len(text)} characters; up to {LONGEST} would be right")
    if not text.strip():
        raise ValueError(f"{text!r} is empty; a condition such as `test_traffic is null` would be right")
    return _Parser(text).whole()


TOKEN = re.compile(
    r"""(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?![\w.])
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<column>`(?:[^`]|``)+`)
    |(?P<word>[^\W\d][\w.]*)
    |(?P<sign>==|!=|<>|<=|>=|[=<>])
    |(?P<mark>[(),])
    |(?P<end>\Z)""",
    re.VERBOSE,
)
WORDS = frozenset(["and", "or", "not", "is", "null", "in", "like", "between", "true", "false"])
SIGNS = {"==": "=", "<>": "!="}
COLUMN = "a column such as age or `Day Mins`"
VALUE = "a value such as 3 or 'yes'"
TEXT = "a text such as 'ab%'"
COMPARISON = "a comparison such as = 3, is null, in ('a', 'b') or like 'ab%'"
MORE = "`and`, `or` or the end"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The word of the grammar that it is, in lower case; empty for anything else."""
        lower = self.text.lower()
        return lower if self.kind == "word" and lower in WORDS else ""


class _Parser:
    """Recursive descent, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.behind = ""
        self.token = self._read(0)
        self.depth = 0

    def whole(self) -> Condition:
        found = self._either()
        if self.token.kind != "end":
            self._wrong(MORE)
        return found

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._took("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            self._wrong(f"at most {DEEPEST} parentheses and nots inside each other")
        found: Condition
        if self._took("not"):
            found = Not(self._one())
        elif self._took("("):
            found = self._either()
            self._take(")", "`)`, `and` or `or`")
        else:
            found = self._comparison()
        self.depth -= 1
        return found

    def _comparison(self) -> Condition:
        column = self._column()
        if self.token.kind == "sign":
            sign = SIGNS.get(self.token.text, self.token.text)
            self._next()
            return self._compared(column, sign)
        if self._took("is"):
            is_not = self._took("not")
            self._take("null", "`null` or `not null`")
            return Not(Null(column)) if is_not else Null(column)
        is_not = self._took("not")
        found = self._among_like_between(column, is_not=is_not)
        return Not(found) if is_not else found

    def _among_like_between(self, column: str, *, is_not: bool) -> Condition:
        if self._took("in"):
            self._take("(", "a list such as ('a', 'b')")
            values = [self._value()]
            while self._took(","):
                values.append(self._value())
            self._take(")", "`,` or `)`")
            return Among(column, tuple(values))
        if self._took("like"):
            if self.token.kind != "text":
                self._wrong(TEXT)
            return Like(column, str(self._value()))
        if self._took("between"):
            low = self._compared(column, ">=")
            self._take("and", "`and` with the other end")
            return Both((low, self._compared(column, "<=")))
        return self._wrong("in, like or between" if is_not else COMPARISON)

    def _compared(self, column: str, sign: str) -> Compare:
        start = self.token
        value = self._value()
        if isinstance(value, bool) and sign not in ("=", "!="):
            self._wrong("a number or a text (true and false are neither less nor more)", start)
        return Compare(column, sign, value)

    def _column(self) -> str:
        token = self.token
        if token.kind == "column":
            self._next()
            return token.text[1:-1].replace("``", "`")
        if token.kind != "word" or token.word:
            self._wrong(COLUMN)
        self._next()
        return token.text

    def _value(self) -> Value:
        token = self.token
        if token.kind == "number":
            self._next()
            return self._number(token)
        if token.kind == "text":
            self._next()
            quote = token.text[0]
            return token.text[1:-1].replace(quote * 2, quote)
        if token.word in ("true", "false"):
            self._next()
            return token.word == "true"
        if token.word == "null":
            self._wrong("`is null` or `is not null` in place of a comparison")
        return self._wrong(f"{VALUE} (a text in quotes)" if token.kind in ("word", "column") else VALUE)

    def _number(self, token: _Token) -> int | float:
        found = float(token.text)
        if not math.isfinite(found):
            self._wrong("a number up to 1e308", token)
        return int(token.text) if token.text.lstrip("+-").isdigit() else found

    def _took(self, what: str) -> bool:
        """Whether this word or mark is next; then it is behind."""
        if self.token.word != what and not (self.token.kind == "mark" and self.token.text == what):
            return False
        self._next()
        return True

    def _take(self, what: str, right: str) -> None:
        if not self._took(what):
            self._wrong(right)

    def _next(self) -> None:
        self.behind = self.token.text
        self.token = self._read(self.token.at + len(self.token.text))

    def _read(self, at: int) -> _Token:
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        found = TOKEN.match(self.text, at)
        if found is not None:
            return _Token(found.lastgroup or "", found[0], at)
        sign = self.text[at]
        if sign in "'\"`":
            what = "name" if sign == "`" else "text"
            raise ValueError(
                f"{_shown(self.text)} opens a {what} at character {at + 1} and never closes it; "
                f"a {sign} at its end would be right"
            )
        stop = re.compile(r"[\w.+-]+|.", re.DOTALL).match(self.text, at)
        return _Token("odd", stop[0] if stop else sign, at)

    def _wrong(self, right: str, token: _Token | None = None) -> NoReturn:
        token = token or self.token
        if token.kind == "end":
            what = f"ends after {_shown(self.behind)}"
        else:
            what = f"has {_shown(token.text)} at character {token.at + 1}"
        raise ValueError(f"{_shown(self.text)} {what}; {right} would be right")


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}...")
