"""The scripts of `check` and `evaluate`: found before anything is read, and what they say shown."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.child.limits import Limits
    from monitor.evaluate import Outcome
    from monitor.place import Place
    from monitor.scripts.script import Script

FAILED = 4
MOST_SHOWN = 20


def found(path: Path | None, task: str, limits: "Limits | None" = None) -> "Script | None":
    """The script for `preprocess` or `postprocess`, if one is asked for; an error where it cannot be loaded."""
    from monitor.child.limits import Limits
    from monitor.scripts.script import script

    if path is None:
        return None
    name = "preprocess_handler" if task == "preprocess" else "postprocess_handler"
    return script(path, name, limits or Limits(seconds=10))  # type: ignore[arg-type]


def show_said(task: str, said: "tuple[str, ...]") -> None:
    """What a script printed and logged, on the standard error."""
    from monitor.render.untrusted import shown

    for text in said[:MOST_SHOWN]:
        click.echo(f"{task}: {shown(text, 200)}", err=True)
    if len(said) > MOST_SHOWN:
        click.echo(f"{task}: and more; the first {MOST_SHOWN} lines are shown", err=True)


def found_after(postprocess: Path | None, out: Path | None) -> "Script | None":
    """The postprocessor, which needs a folder to read the report's files from. Raises InputError."""
    from monitor.errors import InputError

    if postprocess is not None and out is None:
        raise InputError("--postprocess needs --out, the folder of the report's files that the script is to read")
    return found(postprocess, "postprocess")


def finish(
    outcome: "Outcome",
    script: "Script | None",
    out: Path | None,
    *,
    source: "Place | None" = None,
    endpoint: str | None = None,
) -> int:
    """Call the postprocessor behind the written report; the exit code, 4 where it broke and there is no other."""
    from monitor.evaluate import exit_code
    from monitor.render.untrusted import shown
    from monitor.scripts.postprocess import environment, postprocess
    from monitor.scripts.script import ScriptFailed

    code = exit_code(outcome.report)
    if script is None or out is None:
        return code
    about = environment(outcome.report, out, source=source, endpoint=endpoint)
    try:
        show_said("postprocess", postprocess(script, out, about))
    except ScriptFailed as error:
        show_said("postprocess", error.said)
        click.echo(f"driftd: {error.name}: {shown(error.why, 1000)}; the report is in {out}", err=True)
        return code or FAILED
    return code
