"""Parsing: a formula from its text. The grammar, what binds least first:

    or, and, not    as words; a number other than 0 counts as true
    comparisons     < <= > >= == !=, two sides each; 1 where it holds, else 0
    + and -, * and /, a minus before, ^ (from the right: 2 ^ 3 ^ 2 is 2 ^ 9)
    numbers         3, 0.5, 1e-3; 10% is 0.1
    series          rows, or mean(age) where it is one of a feature; a feature that is no plain word in quotes or
                    backticks: mean('Day Mins')
    before this     avg min max sum std count of (x, how far back), quantile(x, 0.9, how far back); with `now` as the
                    last word, as in avg(x, 3, now), of the newest windows and this one
    back then       lag(x, how far back), diff(x, how far back), diff(x), rate(x)
    others          abs(x), if(condition, then, otherwise), fill(x, 0), fill(x, repeat), fill(x, linear)

How far back is a stretch of time (90m, 12h, 1d, 1w2d) or a number of windows (24). Words and functions are known in any
case, series and features as they are written. A quote inside quotes is written twice.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, NoReturn, cast

from monitor.formula.cursor import BACK, Cursor
from monitor.formula.tokens import FUNCTIONS, GRAMMAR, LOGIC, OVER
from monitor.formula.words import (
    Absolute,
    Both,
    Chain,
    Change,
    Compare,
    Either,
    Fill,
    Filling,
    Formula,
    If,
    Lag,
    Negative,
    Not,
    Number,
    Over,
    Power,
    Rate,
    Reference,
    What,
)  # fmt: skip
from monitor.tokens import refuse_size, shown

LONGEST: Final = 2000  # characters

COMPARISONS = frozenset(["<", "<=", ">", ">=", "==", "!="])
OPERAND = "a number, a series or a function such as avg(x, 1d)"
SHARE = "a share from 0 to 1, such as 0.9 or 90%,"
FILLING = "a number, `repeat` or `linear`"
FEATURE = "a feature such as age or 'Day Mins'"
MORE = "an operator such as + or <, `and`, `or` or the end"


def parsed(text: str, known: Mapping[str, bool]) -> Formula:
    """The formula that a text writes. `known` are the names of series, and whether each is one of a feature; where a
    function has the same name (`min`), a feature alone in brackets makes it the series.

    ValueError says where it goes wrong and what would be right.

    >>> parsed("mean(score) < 90%", {"mean": True})
    Compare(left=Reference(name='mean', feature='score'), sign='<', right=Number(value=0.9))
    >>> parsed("men(score) < 90%", {"mean": True})
    Traceback (most recent call last):
    ValueError: 'men(score) < 90%' has 'men' at character 1, which is no series and no function; did you mean 'mean'?
    """
    refuse_size(text, LONGEST, "a formula such as `mean(score) < 0.5`")
    return _Parser(text, known).whole()


class _Parser(Cursor):
    """Recursive descent, one token ahead; three more behind the name of a series."""

    def __init__(self, text: str, known: Mapping[str, bool]) -> None:
        super().__init__(text, GRAMMAR)
        self.known = known

    def whole(self) -> Formula:
        found = self._either()
        self.end(MORE)
        return found

    def _either(self) -> Formula:
        parts = self.several("or", self._both)
        return parts[0] if len(parts) == 1 else Either(parts)

    def _both(self) -> Formula:
        parts = self.several("and", self._claim)
        return parts[0] if len(parts) == 1 else Both(parts)

    def _claim(self) -> Formula:
        if self.took("not"):
            self.deeper()
            found = Not(self._claim())
            self.depth -= 1
            return found
        left = self._sum()
        if self.token.text not in COMPARISONS:
            return left
        sign = self.next().text
        right = self._sum()
        if self.token.text in COMPARISONS:
            self.wrong("two comparisons with `and`, as in 1 < x and x < 3,")
        return Compare(left, sign, right)

    def _sum(self) -> Formula:
        first, rest = self._product(), []
        while self.token.text in ("+", "-"):
            rest.append((self.next().text, self._product()))
        return Chain(first, tuple(rest)) if rest else first

    def _product(self) -> Formula:
        first, rest = self._signed(), []
        while self.token.text in ("*", "/"):
            rest.append((self.next().text, self._signed()))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> Formula:
        self.deeper()
        found: Formula
        if self.token.text == "-":
            self.next()
            found = Negative(self._signed())
        else:
            found = self._one()
            if self.token.text == "^":
                self.next()
                found = Power(found, self._signed())
        self.depth -= 1
        return found

    def _one(self) -> Formula:
        token = self.token
        if token.kind == "number":
            return Number(self.number())
        if token.kind == "time":
            self.wrong("a number (a stretch of time stands in a function, as in avg(x, 1d))")
        if self.took("("):
            found = self._either()
            self.take(")", "`)` or an operator such as + or <")
            return found
        if token.kind != "word" or token.word in LOGIC:
            self.wrong(OPERAND)
        takes_feature = self.known.get(token.text)
        opens, feature, closes = self._ahead()
        if token.word in FUNCTIONS and opens and not (takes_feature and feature and closes):
            return self._function()
        if takes_feature is None:
            self._unknown()
        return self._reference(takes_feature=takes_feature, is_called=opens)

    def _ahead(self) -> tuple[bool, bool, bool]:
        """Whether a bracket, a feature and a closing bracket come behind this word."""
        opens = self.token_at(self.token.after)
        if opens.text != "(":
            return False, False, False
        feature = self.token_at(opens.after)
        if feature.kind not in ("word", "text"):
            return True, False, False
        return True, True, self.token_at(feature.after).text == ")"

    def _reference(self, *, takes_feature: bool, is_called: bool) -> Reference:
        name = self.next().text
        if not takes_feature:
            if is_called:
                self.wrong(f"`{name}` alone (it is no series of a feature)")
            return Reference(name)
        self.take("(", f"its feature, as in {name}(age),")
        if self.token.kind not in ("word", "text"):
            self.wrong(FEATURE)
        feature = self.next().meant
        self.take(")", "`)` (a name that is no plain word stands in quotes)")
        return Reference(name, feature)

    def _function(self) -> Formula:
        name = self.next().word
        self.take("(", "`(`")
        part = self._either()
        found = self._over(cast(What, name), part) if name in OVER else self._of_one(name, part)
        self.take(")", "`)`")
        return found

    def _over(self, what: What, part: Formula) -> Over:
        share = None
        if what == "quantile":
            self.take(",", f"`,` and {SHARE}")
            token = self.token
            share = self.number() if token.kind == "number" else -1.0
            if not 0 <= share <= 1:
                self.wrong(SHARE, token)
        self.take(",", f"`,` and {BACK}")
        back = self.back()
        with_now = self.took(",")
        if with_now:
            self.take("now", "`now` or `)`")
        return Over(what, part, back, with_now, share)

    def _of_one(self, name: str, part: Formula) -> Formula:
        match name:
            case "abs":
                return Absolute(part)
            case "rate":
                return Rate(part)
            case "diff":
                return Change(part, self.back() if self.took(",") else 1)
            case "lag":
                self.take(",", f"`,` and {BACK}")
                return Lag(part, self.back())
            case "fill":
                self.take(",", f"`,` and {FILLING}")
                return Fill(part, self._filling())
        self.take(",", "`,` and what is to stand where the condition holds")
        then = self._either()
        self.take(",", "`,` and what is to stand where the condition does not hold")
        return If(part, then, self._either())

    def _filling(self) -> Filling:
        if self.token.word in ("repeat", "linear"):
            return "repeat" if self.next().word == "repeat" else "linear"
        is_negative = self.took("-")
        if self.token.kind != "number":
            self.wrong(FILLING)
        return -self.number() if is_negative else self.number()

    def _unknown(self) -> NoReturn:
        near = get_close_matches(self.token.text, [*self.known, *FUNCTIONS], n=1)
        right = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(self.known)} would be right"
        raise ValueError(f"{shown(self.text)} {self.placed(self.token)}, which is no series and no function; {right}")
