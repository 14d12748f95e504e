"""Composing: a composite alarm from its text. The grammar of `composite`, and nothing else.

    condition   ALARM(name), OK(name), INSUFFICIENT_DATA(name): the alarm is in this state; TRUE; FALSE
                DURING(deploy): an occasion of this kind, told from outside, touches the window
    together    and, or, not, parentheses; `not` goes before `and`, `and` before `or`
    name        as it is, or in quotes where it has spaces, parentheses or quotes: ALARM("low score")

Words are known in any case; names keep theirs. A quote inside a name in quotes is written twice.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from monitor.alarm import State
from monitor.composite import Both, Composite, Constant, During, Either, Not, Stands, references

LONGEST, DEEPEST, MOST = 10_000, 32, 100
"""Characters, parentheses and nots inside each other, alarms asked for."""
SHOWN = 60
"""Characters in a message."""


def parsed(text: str) -> Composite:
    """The composite that a text writes; ValueError says where it goes wrong and what would be right.

    >>> parsed("not ALARM(low) or true")
    Either(parts=(Not(part=Stands(alarm='low', state=<State.ALARM: 'alarm'>)), Constant(holds=True)))
    >>> parsed("ALARM(low) and")
    Traceback (most recent call last):
    ValueError: 'ALARM(low) and' ends after 'and'; a state such as ALARM(name) or OK(name) would be right
    """
    if len(text) > LONGEST:
        raise ValueError(f"{_shown(text)} has {len(text)} characters; up to {LONGEST} would be right")
    if not text.strip():
        raise ValueError(f"{text!r} is empty; {STATE} would be right")
    found = _Parser(text).whole()
    if len(names := references(found)) > MOST:
        raise ValueError(f"{_shown(text)} asks for {len(names)} alarms; up to {MOST} would be right")
    return found


TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<mark>[()])
    |(?P<word>[^\s()'"]+)
    |(?P<end>\Z)""",
    re.VERBOSE,
)
STATES = {"alarm": State.ALARM, "ok": State.OK, "insufficient_data": State.INSUFFICIENT_DATA}
CONSTANTS = {"true": True, "false": False}
STATE = "a state such as ALARM(name) or OK(name)"
DURING = "during"
KIND = 'a kind of occasion, such as deploy or "bank holiday",'
NAME = 'the name of an alarm, such as low or "low score",'
MORE = "`and`, `or` or the end"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """In lower case where it may be a word of the grammar; empty for anything else."""
        return self.text.lower() if self.kind == "word" else ""


class _Parser:
    """Recursive descent, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.behind = ""
        self.token = self._read(0)
        self.depth = 0

    def whole(self) -> Composite:
        found = self._either()
        if self.token.kind != "end":
            self._wrong(MORE)
        return found

    def _either(self) -> Composite:
        parts = [self._both()]
        while self._took("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Composite:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Composite:
        self.depth += 1
        if self.depth > DEEPEST:
            self._wrong(f"at most {DEEPEST} parentheses and nots inside each other")
        found: Composite
        if self._took("not"):
            found = Not(self._one())
        elif self._took("("):
            found = self._either()
            self._take(")", "`)`, `and` or `or`")
        else:
            found = self._leaf()
        self.depth -= 1
        return found

    def _leaf(self) -> Composite:
        word = self.token.word
        if word in CONSTANTS:
            self._next()
            return Constant(CONSTANTS[word])
        if word not in STATES and word != DURING:
            others = "INSUFFICIENT_DATA(name), DURING(deploy), TRUE, FALSE,"
            self._wrong(f"{STATE}, or {others}" if self.token.kind == "word" else STATE)
        self._next()
        right = KIND if word == DURING else NAME
        self._take("(", f"`(` and {right.partition(',')[0]}")
        name = self._name(right)
        self._take(")", "`)` (a name with spaces in quotes)")
        return During(name) if word == DURING else Stands(name, STATES[word])

    def _name(self, right: str) -> str:
        token = self.token
        quoted = token.text[1:-1].replace(token.text[0] * 2, token.text[0]) if token.kind == "text" else ""
        name = token.text if token.kind == "word" else quoted
        if not name:
            self._wrong(right)
        self._next()
        return name

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
        if found is None:
            raise ValueError(
                f"{_shown(self.text)} opens a name at character {at + 1} and never closes it; "
                f"a {self.text[at]} at its end would be right"
            )
        return _Token(found.lastgroup or "", found[0], at)

    def _wrong(self, right: str) -> NoReturn:
        if self.token.kind == "end":
            what = f"ends after {_shown(self.behind)}"
        else:
            what = f"has {_shown(self.token.text)} at character {self.token.at + 1}"
        raise ValueError(f"{_shown(self.text)} {what}; {right} would be right")


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}...")
