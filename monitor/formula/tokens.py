"""Tokens: what the text of a formula is made of, and the words of its grammar."""

import re
from typing import Final

from monitor.tokens import Grammar

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
GRAMMAR = Grammar(
    pattern=PATTERN,
    inside="brackets, functions, nots, minuses and powers",
    odd=re.compile(r"[\w.%]+|[=!<>&|]+|.", re.DOTALL),
)
PLAIN = re.compile(r"[^\W\d][\w.]*")
TIMES: Final = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
"""Seconds by unit of time."""
OVER: Final = ("avg", "min", "max", "sum", "std", "count", "quantile")
OF_ONE: Final = ("abs", "rate", "diff", "lag", "fill", "if")
FUNCTIONS: Final = (*OVER, *OF_ONE)
LOGIC: Final = ("and", "or", "not")
