"""The beginning of a file of JSON records: which names a record has, told without reading it."""

import re
from collections.abc import Sequence

# Strings (one may be cut off by the end of its line) and signs. A brace at the beginning of a line begins a record,
# whatever a torn line before it left open.
TOKEN = re.compile(rb'"([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)(?:"|\\?\Z|(?=\n))|\n\{|[{}\[\]:]')
RECORD = ([b"{"], [b"[", b"{"])  # what is open inside a record: of lines, or of one list


def has_record(head: bytes, names: Sequence[bytes]) -> bool:
    """Whether a record in the head has all these names; the last record may be cut off.

    >>> head = b'{"id": "a", "body": {"time": 1}}\\n{"id": "b", "time": 2, "bo'
    >>> has_record(head, [b"id", b"time"]), has_record(head, [b"body", b"time"])
    (True, False)
    """
    if not all(name in head for name in names):
        return False
    open_: list[bytes] = []
    found: set[bytes] = set()
    last = b""
    for token in TOKEN.finditer(head):
        sign, text = token[0], token[1]
        if text is not None:
            last = text
        elif sign == b":":
            if open_ in RECORD:
                found.add(last)
                if found.issuperset(names):
                    return True
        elif sign in b"}]":
            open_ = open_[:-1]
        else:
            open_ = [*open_, sign] if len(sign) == 1 else [b"{"]
            found = set() if open_ in RECORD else found
    return False
