"""`problem`: the question that a model answers."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from monitor import problem as words
from monitor.config.parts import Part
from monitor.problem import Kind
from monitor.roles import Roles, posed


def _class(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value
    if not isinstance(text, str) or words.class_named(text) is None:
        raise ValueError("is not a class; a text or a number such as 1 would be right")
    return text


def _costs(value: Any) -> dict[str, dict[str, float]]:
    right = "{'1': {'0': 100}, '0': {'1': 5}}: by what came true, then by what was said"
    if not isinstance(value, dict) or not all(isinstance(row, dict) for row in value.values()):
        raise ValueError(f"is not what each error costs; {right} would be right")
    for row in value.values():
        for cost in row.values():
            if isinstance(cost, bool) or not isinstance(cost, int | float):
                raise ValueError(f"has the cost {cost!r}; a number would be right, negative where it earns")
    return {_class(true): {_class(said): float(cost) for said, cost in row.items()} for true, row in value.items()}


class Problem(Part):
    """The kind of question, and what of its answers counts as right. Which columns hold them, `columns` says."""

    SCALAR: ClassVar[str] = "kind"

    kind: Kind = Field(examples=["problem: binary"])
    positive: Annotated[str, BeforeValidator(_class)] = "1"
    threshold: float = Field(default=0.5, ge=0, le=1)
    costs: Annotated[Mapping[str, Mapping[str, float]], BeforeValidator(_costs)] = Field(default_factory=dict)

    def of(self, roles: Roles) -> words.Problem:
        """The same with the columns' names."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return posed(words.Problem(**given), roles)
