"""What a rule is: a function that judges now against base. And what a transform is: a function over rows."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from monitor.errors import RuleError

Function = TypeVar("Function", bound=Callable[..., Any])

SUBJECTS = ("Numeric", "Categorical", "Feature", "Profile", "ModelQuality", "DataFrame")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A keyword-only parameter of a rule: what may be written for it in YAML."""

    type: Any
    default: Any = inspect.Parameter.empty

    @property
    def is_required(self) -> bool:
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as written: made by `@rule` only.

    `subject` is what it is asked about: "Numeric", "Categorical", "Feature" (each feature), "Profile" (the window),
    "ModelQuality" (what came of its predictions, where there is a problem) or "DataFrame" (decoded rows). `base` is the
    same, but for a "DataFrame" rule: its base is the baseline's profile or, where it is annotated as rows
    (`is_against_rows`), a sample of the baseline's rows.
    """

    name: str
    subject: str
    options: Mapping[str, Option]
    doc: str
    judge: Callable[..., Any]
    path: str = ""
    is_against_rows: bool = False

    @property
    def is_about_features(self) -> bool:
        return self.subject in ("Numeric", "Categorical", "Feature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule as configured: options, the features it is asked about (names or globs), severity."""

    rule: Rule
    options: Mapping[str, Any] = field(default_factory=dict)
    features: tuple[str, ...] = ("*",)
    severity: str = "warning"
    required: bool = False
    enabled: bool = True


class _Pandas:
    """Stands for pandas in annotations that are written as texts, so that a rule need not import it to be known."""

    class DataFrame: ...


def rule(function: Function) -> Function:
    """Mark a function as a rule; it stays a plain function.

    The name is the YAML name, the annotation of the first parameter says what it is asked about, keyword-only
    parameters are its options, the docstring is its manual page.
    """
    function.__rule__ = _read(function)  # type: ignore[attr-defined]
    return function


def transform(function: Function) -> Function:
    """Mark a function `(pyarrow.RecordBatch) -> pyarrow.RecordBatch` that is put to every batch before measuring."""
    function.__transform__ = True  # type: ignore[attr-defined]
    return function


def _read(function: Callable[..., Any]) -> Rule:
    name = function.__name__
    signature = inspect.signature(function, eval_str=True, locals={"pandas": _Pandas})
    parameters = list(signature.parameters.values())
    places = [p for p in parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    if [p.name for p in places] != ["now", "base"]:
        raise RuleError(f"rule {name!r}: its parameters must be (now, base, *, options...), not {signature}")
    if places[0].annotation is inspect.Parameter.empty:
        raise RuleError(f"rule {name!r}: `now` has no annotation; one of {', '.join(SUBJECTS)} would be right")
    subject = getattr(places[0].annotation, "__name__", str(places[0].annotation))
    if subject not in SUBJECTS:
        raise RuleError(
            f"rule {name!r}: `now: {subject}` is not a subject; one of {', '.join(SUBJECTS)} would be right"
        )
    options = {p.name: Option(type=p.annotation, default=p.default) for p in parameters[2:]}
    for option, parameter in zip(options, parameters[2:], strict=True):
        if parameter.annotation is inspect.Parameter.empty:
            raise RuleError(f"rule {name!r}: option {option!r} has no type; write `{option}: float = ...`")
    is_against_rows = subject == "DataFrame" and getattr(places[1].annotation, "__name__", "") == "DataFrame"
    return Rule(
        name=name,
        subject=subject,
        options=options,
        doc=inspect.getdoc(function) or "",
        judge=function,
        is_against_rows=is_against_rows,
    )
