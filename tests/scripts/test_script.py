"""A script is loaded before anything is read; what is wrong with it is told with file, line and what would be right."""

import sys
from pathlib import Path

import pytest
from scripts.examples import written

from monitor.child.limits import Limits
from monitor.errors import InputError, MonitorError, RuleError
from monitor.scripts.script import script

LIMITS = Limits(seconds=2, memory_bytes=256 << 20)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
TAKES = "(inference_record) or (inference_record, logger) would be right"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("x = 1\ndef f(:\n", 2, f"SyntaxError: invalid syntax; Python {VERSION} would be right"),
        ("import math\n\nmath.nonsense\n", 3,
         "AttributeError: module 'math' has no attribute 'nonsense'; a script that can be loaded would be right"),
        ("raise SystemExit(3)", 1, "SystemExit: 3; a script that can be loaded would be right"),
        ("x = 1\n", 1,
         "has no function 'preprocess_handler'; `def preprocess_handler(inference_record):` would be right"),
        ("preprocess_handler = 3\n", 1,
         "has no function 'preprocess_handler'; `def preprocess_handler(inference_record):` would be right"),
        ("x = 1\n\ndef preproces_handler(r): ...\n", 3,
         "has 'preproces_handler' and no function 'preprocess_handler'; "
         "`def preprocess_handler(inference_record):` would be right"),
        ("\ndef preprocess_handler(): ...\n", 2, f"preprocess_handler() cannot be called; {TAKES}"),
        ("def preprocess_handler(a, b, c): ...\n", 1, f"preprocess_handler(a, b, c) cannot be called; {TAKES}"),
    ],
    ids=["syntax", "raises", "exits", "none", "no function", "misspelt", "no argument", "three arguments"],
)  # fmt: skip
def test_a_script_that_is_none_is_told_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    path = tmp_path / "pre.py"
    path.write_text(text)
    with pytest.raises(RuleError) as caught:
        script(path, "preprocess_handler", LIMITS)
    assert str(caught.value) == f"{path}:{line}: {why}"


def test_a_postprocessor_takes_no_arguments(tmp_path: Path) -> None:
    path = written(tmp_path, "def postprocess_handler(report): ...", "post.py")
    with pytest.raises(
        RuleError, match=r"post.py:1: postprocess_handler\(report\) cannot be called; no arguments would"
    ):
        script(path, "postprocess_handler", LIMITS)
    with pytest.raises(RuleError, match=r"post.py:1: has 'postprocess_handler' and no function 'preproc"):
        script(path, "preprocess_handler", LIMITS)


@pytest.mark.parametrize(
    ("name", "why"), [("gone.py", "does not exist"), (".", "is a folder")], ids=["no file", "a folder"]
)
def test_what_is_no_file_is_told(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        script(tmp_path / name, "preprocess_handler", LIMITS)
    right = "a Python file with a function 'preprocess_handler' would be right"
    assert str(caught.value) == f"{tmp_path / name}: {why}; {right}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("while True: pass", "no answer within 2 s"),
        ("x = bytearray(1 << 40)", "needed more memory"),
        ("import os; os._exit(1)", "ended with"),
    ],
)
def test_a_script_that_cannot_even_be_loaded_ends_with_its_process(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RuleError, match=why) as caught:
        script(path, "preprocess_handler", LIMITS)
    assert str(caught.value).startswith(f"{path}: cannot be loaded: ")


@pytest.mark.parametrize("text", [b"\x00", b"x = '\xff'", b"# coding: nonsense\n"], ids=["zero", "not utf-8", "coding"])
def test_bytes_that_are_no_text_are_an_error_with_a_line(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "pre.py"
    path.write_bytes(text)
    with pytest.raises(MonitorError, match=r"pre\.py:1: .* would be right"):
        script(path, "preprocess_handler", LIMITS)


@pytest.mark.parametrize("name", ["pre", "my script.txt", "a-b.py"])
def test_any_name_will_do_and_dataclasses_work(tmp_path: Path, name: str) -> None:
    text = """
    from __future__ import annotations
    from dataclasses import dataclass

    @dataclass
    class Row:
        a: int = 1

    def preprocess_handler(inference_record, logger=None):
        return {"a": Row().a}
    """
    assert script(written(tmp_path, text, name), "preprocess_handler", LIMITS).task == "preprocess"
