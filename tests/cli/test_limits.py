"""`--limit` and `limits:`: what is refused beyond a number, and the number that it is."""

from pathlib import Path

import command
import pytest
import shop
from config.files import CHURN, loaded

from monitor.sizes import Sizes


@pytest.mark.parametrize(
    ("limit", "line", "reason"),
    [
        ("line=300", shop.capture("1," * 200, "1", 1), "line_too_long"),
        ("depth=3", shop.capture({"a": [[[[1]]]]}, "1", 1), "too_deep"),
        ("columns=10", shop.capture({f"k{i}": 1 for i in range(20)}, "1", 1), "too_many_columns"),
    ],
)
def test_a_limit_can_be_set_and_is_named_where_it_is_met(tmp_path: Path, limit: str, line: str, reason: str) -> None:
    path = shop.write(tmp_path / "f.jsonl", [line, shop.capture("1", "1", 2)])
    assert reason not in command.driftd("inspect", path).out
    ran = command.driftd("inspect", path, "--limit", limit)
    assert f"rejected  {reason} 1" in ran.out
    name = limit.partition("=")[0]
    assert f"(limit `{name}`)" in ran.out


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("lines=3", "'lines' is not a limit; one of line, depth, columns, values, unpacked would be right"),
        ("depth=x", "'x' is not a whole number; depth=1000 would be right"),
        ("depth=501", "depth is 501; 1 to 500 would be right"),
        ("line=1 parsec", "'1 parsec' is not a size; a number above 0 with its unit would be right"),
    ],
)
def test_a_limit_that_is_none_is_exit_2_with_what_would_be_right(tmp_path: Path, limit: str, told: str) -> None:
    ran = command.driftd("inspect", shop.write(tmp_path / "f.jsonl", ["{}"]), "--limit", limit)
    assert ran.code == 2
    assert told in ran.err


def test_a_monitors_limits_are_those_of_what_is_read(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, f"monitors: {{m: {{{CHURN}, limits: {{line: 1MiB, depth: 7, columns: 9, unpacked: 5}}}}}}"
    )
    assert config.monitors["m"].limits.sizes == Sizes(line=1 << 20, depth=7, columns=9, unpacked=5)
