import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.render.untrusted import shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Day Mins", "Day Mins"),
        ("[red]", "[red]"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc\x00\x7f\x9b", "a\\r\\nb\\tc\\x00\\x7f\\x9b"),
        ("a\u202eb\u200bc\u2028d\xa0e\ud800\ue000", "a\\u202eb\\u200bc\\u2028d\\xa0e\\ud800\\ue000"),
        ("größe 名前", "größe 名前"),
    ],
)
def test_what_does_not_print_becomes_an_escape(text, safe):
    assert shown(text, 100) == safe


@given(st.text(), st.integers(3, 40))
def test_any_text_prints_and_fits(text, most):
    assert shown(text, most).isprintable()
    assert len(shown(text, most)) <= most


def test_a_long_text_keeps_both_ends():
    assert shown("a" * 10**6 + "z", 9) == "aaaa…aaaz"
    assert shown("\x1b" * 10**6, 9) == "\\x1b…\\x1b"
