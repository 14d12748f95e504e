"""The keys of `actions`: what is done when an alarm changes its state."""

import os
import shlex
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from monitor.acting import Action
from monitor.alarm import State
from monitor.config.parts import Folder, LongDuration, Part, Size, folder_of
from monitor.config.routes import Name, Networks, Url

KINDS = ("command", "webhook")


def _command(value: Any, info: ValidationInfo) -> tuple[str, ...] | None:
    """A text is parted at spaces, as a shell does; no shell runs, so nothing else of it means anything.

    A program that is given by its path must be there now, not only when the alarm comes.
    """
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = shlex.split(value)
        except ValueError as error:
            raise ValueError(f"cannot be parted into words: {error}; a list of them would be right") from None
    if not isinstance(value, list | tuple) or not value or not all(isinstance(one, str) for one in value):
        raise ValueError("is not a command; ./retrain.sh or [python3, retrain.py, --model, churn] would be right")
    if not value[0] or any("\0" in one for one in value):
        raise ValueError("is not a command; the name of a program first would be right, and no zero byte")
    if "/" not in value[0]:
        return tuple(value)
    program = folder_of(info) / value[0]
    if not program.is_file():
        raise ValueError(f"names {str(program)!r}, and there is no such file; the path of a program would be right")
    if not os.access(program, os.X_OK):
        raise ValueError(f"names {str(program)!r}, which is not executable; chmod +x, or its interpreter first")
    return (str(program), *value[1:])


class ActionLimits(Part):
    """What a command may use."""

    time: LongDuration = timedelta(hours=1)
    memory: Size = 4 << 30


class ActionLine(Part):
    """A command or a signed webhook, once for each incident that the alarm belongs to."""

    NEEDS: ClassVar[str] = "command: ./retrain.sh or webhook: https://..."

    name: Name = Field(examples=["name: retrain"])
    alarm: str = Field(examples=["alarm: prediction_down"])
    state: Literal["alarm", "ok", "insufficient_data"] = "alarm"
    command: Annotated[tuple[str, ...] | None, BeforeValidator(_command)] = None
    webhook: Url | None = None
    secret_file: Folder | None = None
    token_file: Folder | None = None
    allow: Networks = ()
    cooldown: LongDuration = timedelta(days=1)
    limits: ActionLimits = ActionLimits()

    @model_validator(mode="after")
    def _one_deed(self) -> "ActionLine":
        given = [kind for kind in KINDS if getattr(self, kind)]
        if len(given) != 1:
            told = "has a command and a webhook" if given else "has nothing to do"
            raise ValueError(f"{told}; one of {self.NEEDS} would be right")
        if self.webhook is None and (self.secret_file or self.token_file or self.allow):
            raise ValueError("has secret_file, token_file or allow, which go with a webhook")
        if not self.command and self.limits != ActionLimits():
            raise ValueError("has limits, which go with a command")
        return self

    @property
    def told(self) -> str:
        """What is done, without what may be secret of an address."""
        return shlex.join(self.command) if self.command else f"webhook to {urlsplit(self.webhook or '').hostname}"

    @property
    def action(self) -> Action:
        """What is decided of it."""
        return Action(name=self.name, alarm=self.alarm, state=State(self.state), cooldown=self.cooldown)


def _actions(value: Any) -> Any:
    actions = tuple(value) if isinstance(value, list) else value
    if not isinstance(actions, tuple):
        raise ValueError("is not a list; [{name: retrain, alarm: prediction_down, command: ./retrain.sh}] is right")
    names = [one.get("name") for one in actions if isinstance(one, dict)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"has two actions named {twice!r}; names of their own would be right")
    return actions


Actions: TypeAlias = Annotated[tuple[ActionLine, ...], BeforeValidator(_actions)]
