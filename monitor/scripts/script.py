"""A script that is known to load, and how it fails later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

from monitor.child.limits import ChildFailed, Limits
from monitor.child.parent import Child
from monitor.errors import InputError, RuleError
from monitor.scripts.serve import HANDLER

Name: TypeAlias = Literal["preprocess_handler", "postprocess_handler"]


class ScriptFailed(Exception):
    """A script broke: the name that its finding goes under, why (the script's name first), what it said before."""

    def __init__(self, name: str, why: str, said: tuple[str, ...] = ()) -> None:
        super().__init__(name, why, said)
        self.name, self.why, self.said = name, why, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A file with a handler, and what each call of it may use."""

    path: Path
    name: Name
    limits: Limits

    @property
    def task(self) -> str:
        """`preprocess` or `postprocess`."""
        return self.name.removesuffix("_handler")

    @contextmanager
    def running(self, output: Path | None = None) -> Iterator[tuple[Child, str]]:
        """A process for it, and the folder that it takes for /opt/ml; `output` is what it has as processing/output."""
        with TemporaryDirectory(prefix="driftd-") as home, Child(HANDLER, self.limits) as child:
            seen = Path(home) / "processing" / "output"
            seen.parent.mkdir()
            if output is None:
                seen.mkdir()
            else:
                seen.symlink_to(output.absolute(), target_is_directory=True)
            yield child, home


def script(path: Path, name: Name, limits: Limits) -> Script:
    """The script, loaded once to see that it can be. InputError or RuleError says what would be right, and where."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"{path}: {what}; a Python file with a function {name!r} would be right")
    found = Script(path=path.absolute(), name=name, limits=limits)
    with found.running() as (child, home):
        try:
            answer, _ = child.call({"do": "load", "path": str(found.path), "name": name, "home": home})
        except ChildFailed as error:
            raise RuleError(f"{path}: cannot be loaded: {error.why}") from None
    if "error" in answer:
        raise RuleError(answer["error"].replace(str(found.path), str(path)))
    return found
