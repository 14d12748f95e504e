"""The command `driftd` run in this process."""

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.cli.main import main


@dataclass(frozen=True)
class Ran:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    def violated(self) -> set[str | None]:
        """Features of the violated findings in a `--json` report."""
        return {f["feature"] for f in self.report["findings"] if f["status"] == "violated"}


def driftd(*arguments: object) -> Ran:
    """Run a command; its output must never hold a traceback."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1 if left.code else 0
    assert "Traceback" not in out.getvalue() + err.getvalue()
    return Ran(code, out.getvalue(), err.getvalue())


def check(captures: Path, baseline: Path, *arguments: object) -> Ran:
    return driftd("check", captures, "--baseline", baseline, "--json", *arguments)
