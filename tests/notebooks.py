"""Notebooks run as a kernel runs them: each code cell in one namespace, in order, in a Python of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

KERNEL = '''
import ast, contextlib, io, json, sys, warnings

def run(source, names):
    """What the cell prints, and the value of the expression at its end as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, shown = io.StringIO(), {}
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    if value is not None:
        for kind, method in (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_")):
            if hasattr(value, method):
                shown[kind] = getattr(value, method)()
        shown.setdefault("text/plain", repr(value))
    return {"printed": printed.getvalue(), "shown": shown}

warnings.simplefilter("error")
names = {"__name__": "__main__"}
print(json.dumps([run(source, names) for source in json.load(sys.stdin)]))
'''


def code(path: Path) -> list[dict[str, Any]]:
    """The code cells of a notebook."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def text(lines: str | list[str]) -> str:
    return "".join(lines)


def run(path: Path, folder: Path) -> list[dict[str, Any]]:
    """For each code cell what it `printed` and what is `shown` by type; a cell that raises fails the test."""
    sources = json.dumps([text(cell["source"]) for cell in code(path)])
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", KERNEL], input=sources, capture_output=True, text=True, cwd=folder,
        env={"PYTHONPATH": root, "PATH": ""}, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
