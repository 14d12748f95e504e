"""What is imported when: help is quick, and a check with shipped rules needs neither pandas nor scipy.stats."""

import subprocess
import sys
from pathlib import Path

import command
import pytest
import shop

WATCHED = (
    "numpy",
    "pyarrow",
    "scipy.special",
    "scipy.stats",
    "pandas",
    "rich",
    "pydantic",
    "yaml",
    "fsspec",
    "s3fs",
    "numpy.f2py",
)


def imported_by(*arguments: str) -> set[str]:
    code = (
        "import sys, contextlib, io\n"
        "from monitor.cli.main import main\n"
        "try:\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        main(sys.argv[1:])\n"
        "except SystemExit as left:\n"
        "    assert not left.code, left.code\n"
        f"print([name for name in {WATCHED!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(eval(done.stdout.splitlines()[-1]))  # our own list of names


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("--version",)])
def test_help_loads_no_numerical_library(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments) == set()


def test_check_with_shipped_rules_loads_neither_pandas_nor_scipy_stats(tmp_path: Path) -> None:
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", tmp_path / "base")
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    found = imported_by("check", str(captures), "--baseline", str(tmp_path / "base"), "--json")
    assert {"numpy", "pyarrow"} <= found
    assert found & {"pandas", "scipy.stats", "pydantic", "yaml", "fsspec", "s3fs", "numpy.f2py"} == set()


def test_what_was_kept_out_comes_when_it_is_asked_for() -> None:
    code = (
        "from monitor.lean import keep_lean; keep_lean()\n"
        "import numpy; print(numpy.f2py.__name__, numpy.testing.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["numpy.f2py", "numpy.testing"]


def test_the_package_refuses_a_name_it_does_not_have() -> None:
    import monitor

    with pytest.raises(AttributeError, match="module 'monitor' has no attribute 'nonsense'"):
        _ = monitor.nonsense
    assert all(getattr(monitor, name) is not None for name in monitor.__all__)
