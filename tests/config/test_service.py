"""The keys of the service itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes

from monitor.config.show import show

ONE = f"monitors: {{m: {{{CHURN}}}}}"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_scalars_stand_for_the_common_case(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"store: postgresql://me@db/driftd\nweb: ':9465'\nlog: debug\ngrace: 5s\n{ONE}")
    assert config.store.url == "postgresql+psycopg://me@db/driftd"
    assert config.web.listen == ":9465"
    assert (config.log.level, config.log.format) == ("debug", "logfmt")
    assert config.grace == timedelta(seconds=5)


def test_without_a_word_it_is_sqlite_on_loopback(tmp_path: Path) -> None:
    config = loaded(tmp_path, ONE)
    assert (config.store.url, config.web.listen, config.workers) == ("sqlite", "127.0.0.1:9465", 2)
    assert not config.web.lifecycle
    assert config.web.tokens == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("store: mysql://x", "store: 'mysql://x' is not a store; sqlite or postgresql+psycopg://"),
        ("web: '9465'", "web: '9465' is not an address; HOST:PORT"),
        ("web: 'x:99999'", "web: 'x:99999' is not an address"),
        ("web: {prefix: driftd}", "web.prefix: 'driftd' is not the beginning of a path"),
        (
            "web: {external_url: driftd.example.com}",
            "is not where people find driftd; https://HOST or https://HOST/PATH",
        ),
        ("web: {external_url: 'https://a/?b=c'}", "is not where people find driftd"),
        ("web: {external_url: 'https://me:hush@a/'}", "is not where people find driftd"),
        ("web: {config: no.yml}", "web.config: names 'no.yml', and there is no such file"),
        ("workers: 0", "workers: 0 is too small; 1 or more would be right"),
        ("log: loud", "log: 'loud' is not known here; debug, info, warning or error"),
        ("web: {tokens: [{id: a, sha256: '12'}]}", "web.tokens[0].sha256: the value (hidden) is not a SHA-256"),
        (f"web: {{tokens: [{{id: a, sha256: {DIGEST}, scopes: [all]}}]}}", "are not scopes"),
        ("metrics: {max_series: 5}", "metrics.max_series: 5 is too small"),
    ],
)
def test_mistakes_say_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    (line,) = mistakes(tmp_path, f"{text}\n{ONE}")
    assert told in line


def test_the_password_of_a_store_is_never_shown(tmp_path: Path) -> None:
    shown = show(loaded(tmp_path, f"store: postgresql://me:hush@db/driftd\n{ONE}"))
    assert "hush" not in shown
    assert "postgresql+psycopg://***@db/driftd" in shown


def test_tokens_are_shown_by_their_digests_and_read_again(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"web: {{tokens: [{{id: a, sha256: {DIGEST}, scopes: write}}]}}\n{ONE}")
    assert config.web.tokens[0].scopes == ("write",)
    assert loaded(tmp_path, show(config)).web == config.web
