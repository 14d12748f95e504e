"""Truth: where labels come, how they are read, and how long is waited for them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from monitor.config.captures import Column, capture_format
from monitor.config.parts import Duration, Location, LongDuration, Part, Share
from monitor.config.values import duration_text
from monitor.outcomes import LEAST

USUAL_DUE = timedelta(days=1)


class Truth(Part):
    """SageMaker's ground truth as it is, or tables with a column of ids and one of labels."""

    SCALAR: ClassVar[str] = "path"

    path: Location = Field(examples=["truth: data/labels/churn"])
    format: Annotated[str | Mapping[str, Any], BeforeValidator(capture_format)] = "auto"
    id: Column = "id"
    label: Column = "label"
    place: Column = None
    time: Column = None
    due: Duration | None = None
    max_delay: LongDuration = timedelta(days=7)
    min_coverage: Share = LEAST

    @model_validator(mode="after")
    def _due_before_the_end(self) -> "Truth":
        if self.due is not None and self.due > self.max_delay:
            given, most = duration_text(self.due), duration_text(self.max_delay)
            raise ValueError(f"has due {given} after max_delay {most}; at most {most} would be right")
        return self

    @property
    def first(self) -> timedelta:
        """How long after its end a window's quality is judged first."""
        return self.due if self.due is not None else min(USUAL_DUE, self.max_delay)
