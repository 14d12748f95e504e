"""The house keeps its shape: short files, short functions, no room for odds and ends."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "monitor").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 300, 40
BANNED = {"utils", "helpers", "common", "base", "manager", "core", "misc"}


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert path.stem not in BANNED
    assert text.count("\n") <= MOST_LINES
    assert ast.get_docstring(tree)
    assert long == []


def test_no_folder_but_a_family_table_or_the_public_names_holds_code_in_its_init() -> None:
    with_code = {
        str(path.parent.relative_to(ROOT))
        for path in FILES
        if path.name == "__init__.py" and len(ast.parse(path.read_text()).body) > 1
    }
    assert with_code == {"monitor", "monitor/decode"}


def test_every_family_lists_its_members() -> None:
    for init in (ROOT / "monitor").rglob("*/__init__.py"):
        docstring = ast.get_docstring(ast.parse(init.read_text())) or ""
        assert docstring.startswith(("Family", "Department"))
        if init.parent.name in ("builtin", "cli"):
            continue
        missing = [p.stem for p in init.parent.glob("[!_]*.py") if not re.search(rf"\b{p.stem}\b", docstring)]
        assert missing == [], init
