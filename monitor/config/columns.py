"""What Python says of columns and problems, held against the grammar as if it were written in a file."""

from collections.abc import Mapping
from typing import Any, TypeVar

from monitor import problem as words
from monitor.config.grammar import Columns
from monitor.config.mistakes import Key, Mistakes, Place
from monitor.config.parts import Part
from monitor.config.problem import Problem
from monitor.config.validation import validated
from monitor.roles import Roles

AnyPart = TypeVar("AnyPart", bound=Part)


def roles_of(columns: Mapping[str, Any]) -> Roles:
    """The roles; ConfigError with a line for every mistake."""
    return _held(Columns, columns, "columns").roles


def problem_of(problem: str | Mapping[str, Any]) -> words.Problem:
    """The problem; ConfigError with a line for every mistake."""
    written = {"kind": problem} if isinstance(problem, str) else problem
    return _held(Problem, written, "problem").of(Roles())


def _held(part: type[AnyPart], written: Mapping[str, Any], called: str) -> AnyPart:
    data = {str(name): list(value) if isinstance(value, tuple) else value for name, value in written.items()}
    places: dict[Key, Place] = {(): Place(file=called)}
    places |= {(name,): Place(file=called, key=(name,)) for name in data}
    mistakes = Mistakes(called)
    found = validated(part, data, places, {}, mistakes)
    mistakes.raise_if_any()
    assert found is not None
    return found
