"""Composing: a composite alarm from its text. The grammar of `composite`, and nothing else.

    condition   ALARM(name), OK(name), INSUFFICIENT_DATA(name): the alarm is in this state; TRUE; FALSE
                DURING(deploy): an occasion of this kind, told from outside, touches the window
    together    and, or, not, parentheses; `not` goes before `and`, `and` before `or`
    name        as it is, or in quotes where it has spaces, parentheses or quotes: ALARM("low score")

Words are known in any case; names keep theirs. A quote inside a name in quotes is written twice.
"""

import re

from monitor.alarm import State
from monitor.composite import Both, Composite, Constant, During, Either, Not, Stands, references
from monitor.tokens import Grammar, Tokens, refuse_size, shown

LONGEST, MOST = 10_000, 100
"""Characters, alarms asked for."""


def parsed(text: str) -> Composite:
    """The composite that a text writes; ValueError says where it goes wrong and what would be right.

    >>> parsed("not ALARM(low) or true")
    Either(parts=(Not(part=Stands(alarm='low', state=<State.ALARM: 'alarm'>)), Constant(holds=True)))
    >>> parsed("ALARM(low) and")
    Traceback (most recent call last):
    ValueError: 'ALARM(low) and' ends after 'and'; a state such as ALARM(name) or OK(name) would be right
    """
    refuse_size(text, LONGEST, STATE)
    found = _Parser(text, GRAMMAR).whole()
    if len(names := references(found)) > MOST:
        raise ValueError(f"{shown(text)} asks for {len(names)} alarms; up to {MOST} would be right")
    return found


TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<mark>[()])
    |(?P<word>[^\s()'"]+)
    |(?P<end>\Z)""",
    re.VERBOSE,
)
GRAMMAR = Grammar(pattern=TOKEN, inside="parentheses and nots")
STATES = {"alarm": State.ALARM, "ok": State.OK, "insufficient_data": State.INSUFFICIENT_DATA}
CONSTANTS = {"true": True, "false": False}
STATE = "a state such as ALARM(name) or OK(name)"
DURING = "during"
KIND = 'a kind of occasion, such as deploy or "bank holiday",'
NAME = 'the name of an alarm, such as low or "low score",'
MORE = "`and`, `or` or the end"


class _Parser(Tokens):
    """Recursive descent, one token ahead."""

    def whole(self) -> Composite:
        found = self._either()
        self.end(MORE)
        return found

    def _either(self) -> Composite:
        parts = self.several("or", self._both)
        return parts[0] if len(parts) == 1 else Either(parts)

    def _both(self) -> Composite:
        parts = self.several("and", self._one)
        return parts[0] if len(parts) == 1 else Both(parts)

    def _one(self) -> Composite:
        self.deeper()
        found: Composite
        if self.took("not"):
            found = Not(self._one())
        elif self.took("("):
            found = self._either()
            self.take(")", "`)`, `and` or `or`")
        else:
            found = self._leaf()
        self.depth -= 1
        return found

    def _leaf(self) -> Composite:
        word = self.token.word
        if word in CONSTANTS:
            self.next()
            return Constant(CONSTANTS[word])
        if word not in STATES and word != DURING:
            others = "INSUFFICIENT_DATA(name), DURING(deploy), TRUE, FALSE,"
            self.wrong(f"{STATE}, or {others}" if self.token.kind == "word" else STATE)
        self.next()
        right = KIND if word == DURING else NAME
        self.take("(", f"`(` and {right.partition(',')[0]}")
        name = self._name(right)
        self.take(")", "`)` (a name with spaces in quotes)")
        return During(name) if word == DURING else Stands(name, STATES[word])

    def _name(self, right: str) -> str:
        if self.token.kind not in ("word", "text") or not self.token.meant:
            self.wrong(right)
        return self.next().meant
