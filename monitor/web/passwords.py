"""Whether a password is a user's. Checking a bcrypt hash takes as long for a user that there is not."""

import hashlib
import hmac
from collections.abc import Mapping

import bcrypt

LONGEST_BYTES = 72  # what bcrypt looks at
MOST_REMEMBERED = 128
NOBODY = "$2b$10$nJKXZ9nwEFkxW5LDcPeypevQyUrjEGhDeZzEn2TNnVga8oyfxXBui"  # of a random text that nobody kept


class Passwords:
    """Users and their hashes. A pair that was right is remembered, by a digest, as a check costs 70 ms."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = dict(users)
        self._right: dict[bytes, None] = {}

    def __bool__(self) -> bool:
        return bool(self._users)

    def remembers(self, user: str, password: str) -> bool:
        """Whether this pair was right before, which takes no time to say."""
        digest = self._digest(user, password)
        return sum(hmac.compare_digest(one, digest) for one in tuple(self._right)) > 0

    def are_right(self, user: str, password: str) -> bool:
        """Whether the password is the user's. Call it in a thread."""
        known = self._users.get(user, NOBODY)
        try:
            fits = bcrypt.checkpw(password.encode()[:LONGEST_BYTES], known.encode())
        except ValueError:
            return False
        if not fits or user not in self._users:
            return False
        if len(self._right) >= MOST_REMEMBERED:
            self._right.clear()
        self._right[self._digest(user, password)] = None
        return True

    def _digest(self, user: str, password: str) -> bytes:
        """Of the hash too, so that a changed one forgets; lengths keep user and password apart."""
        parts = [text.encode() for text in (user, self._users.get(user, ""), password)]
        return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).digest()
