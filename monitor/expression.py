"""Expression: a condition on the columns of a row, from its text. The grammar of `where`, and nothing else.

    condition   column = 3, == != <> < <= > >= with numbers, 'texts' or "texts", true or false;
                column is [not] null; column [not] in (1, 'a'); column [not] like 'ab%'; column [not] between 1 and 2
    together    and, or, not, parentheses
    column      letters, digits, _ and . as they are; any other name in backticks: `Day Mins`

Words are known in any case. A quote inside a text, or a backtick inside a name, is written twice.
"""

import math
import re

from monitor.condition import Among, Both, Compare, Condition, Either, Like, Not, Null, Value
from monitor.tokens import Grammar, Token, Tokens, refuse_size

LONGEST = 2000  # characters


def parsed(text: str) -> Condition:
    """The condition that a text writes; ValueError says where it goes wrong and what would be right.

    >>> parsed("test_traffic is null and age >= 18")
    Both(parts=(Null(column='test_traffic'), Compare(column='age', sign='>=', value=18)))
    >>> parsed("test_traffic == ")
    Traceback (most recent call last):
    ValueError: 'test_traffic == ' ends after '=='; a value such as 3 or 'yes' would be right
    """
    refuse_size(text, LONGEST, "a condition such as `test_traffic is null`")
    return _Parser(text, GRAMMAR).whole()


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
GRAMMAR = Grammar(
    pattern=TOKEN,
    inside="parentheses and nots",
    odd=re.compile(r"[\w.+-]+|.", re.DOTALL),
    opens={"'": "text", '"': "text", "`": "name"},
)
WORDS = frozenset(["and", "or", "not", "is", "null", "in", "like", "between", "true", "false"])
SIGNS = {"==": "=", "<>": "!="}
COLUMN = "a column such as age or `Day Mins`"
VALUE = "a value such as 3 or 'yes'"
TEXT = "a text such as 'ab%'"
COMPARISON = "a comparison such as = 3, is null, in ('a', 'b') or like 'ab%'"
MORE = "`and`, `or` or the end"


class _Parser(Tokens):
    """Recursive descent, one token ahead."""

    def whole(self) -> Condition:
        found = self._either()
        self.end(MORE)
        return found

    def _either(self) -> Condition:
        parts = self.several("or", self._both)
        return parts[0] if len(parts) == 1 else Either(parts)

    def _both(self) -> Condition:
        parts = self.several("and", self._one)
        return parts[0] if len(parts) == 1 else Both(parts)

    def _one(self) -> Condition:
        self.deeper()
        found: Condition
        if self.took("not"):
            found = Not(self._one())
        elif self.took("("):
            found = self._either()
            self.take(")", "`)`, `and` or `or`")
        else:
            found = self._comparison()
        self.depth -= 1
        return found

    def _comparison(self) -> Condition:
        column = self._column()
        if self.token.kind == "sign":
            sign = self.next().text
            return self._compared(column, SIGNS.get(sign, sign))
        if self.took("is"):
            is_not = self.took("not")
            self.take("null", "`null` or `not null`")
            return Not(Null(column)) if is_not else Null(column)
        is_not = self.took("not")
        found = self._among_like_between(column, is_not=is_not)
        return Not(found) if is_not else found

    def _among_like_between(self, column: str, *, is_not: bool) -> Condition:
        if self.took("in"):
            self.take("(", "a list such as ('a', 'b')")
            values = self.several(",", self._value)
            self.take(")", "`,` or `)`")
            return Among(column, values)
        if self.took("like"):
            if self.token.kind != "text":
                self.wrong(TEXT)
            return Like(column, str(self._value()))
        if self.took("between"):
            low = self._compared(column, ">=")
            self.take("and", "`and` with the other end")
            return Both((low, self._compared(column, "<=")))
        return self.wrong("in, like or between" if is_not else COMPARISON)

    def _compared(self, column: str, sign: str) -> Compare:
        start = self.token
        value = self._value()
        if isinstance(value, bool) and sign not in ("=", "!="):
            self.wrong("a number or a text (true and false are neither less nor more)", start)
        return Compare(column, sign, value)

    def _column(self) -> str:
        if self.token.kind not in ("word", "column") or self.token.word in WORDS:
            self.wrong(COLUMN)
        return self.next().meant

    def _value(self) -> Value:
        token = self.token
        if token.kind == "number":
            return self._number(self.next())
        if token.kind == "text":
            return self.next().meant
        if token.word in ("true", "false"):
            return self.next().word == "true"
        if token.word == "null":
            self.wrong("`is null` or `is not null` in place of a comparison")
        return self.wrong(f"{VALUE} (a text in quotes)" if token.kind in ("word", "column") else VALUE)

    def _number(self, token: Token) -> int | float:
        found = float(token.text)
        if not math.isfinite(found):
            self.wrong("a number up to 1e308", token)
        return int(token.text) if token.text.lstrip("+-").isdigit() else found
