"""Passwords against hashes as other programs make them."""

import bcrypt

from monitor.web.passwords import MOST_REMEMBERED, NOBODY, Passwords


def hashed(password: bytes) -> str:
    return bcrypt.hashpw(password, bcrypt.gensalt(4)).decode()


def test_a_long_password_is_looked_at_as_bcrypt_does() -> None:
    long = "x" * 100
    users = Passwords({"ann": hashed(long.encode()[:72])})
    assert users.are_right("ann", long)
    assert users.remembers("ann", long)
    assert not users.remembers("ann", long[:-1])


def test_for_a_user_that_there_is_not_a_hash_is_checked_too() -> None:
    assert NOBODY.startswith("$2b$10$")
    assert bcrypt.checkpw(b"x", NOBODY.encode()) is False
    assert Passwords({}).are_right("nobody", "x") is False


def test_what_was_right_is_remembered_within_bounds_and_under_its_own_name() -> None:
    users = Passwords({f"u{i}": hashed(b"same") for i in range(MOST_REMEMBERED + 1)})
    assert not users.remembers("u0", "same")
    assert all(users.are_right(f"u{i}", "same") for i in range(MOST_REMEMBERED + 1))
    assert [users.remembers(f"u{i}", "same") for i in (0, MOST_REMEMBERED)] == [False, True]


def test_a_name_and_a_password_are_not_run_together() -> None:
    users = Passwords({"ann": hashed(b"ab")})
    assert users.are_right("ann", "ab")
    assert not users.remembers("anna", "b")
