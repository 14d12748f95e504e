"""Following: from what is stored of a monitor's windows, the verdict on one of them, and what is stored in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.policy.verdict import Verdict
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of one window, as bytes: its look; the memory after it (may be let go of: it can be made again
    from earlier ones); and what was learned, where this window changed that. `since` is the start of the earliest
    window whose look the memory still needs besides those to come, None where it needs none.
    """

    window: Window
    look: bytes
    memory: bytes = b""
    learned: bytes = b""
    since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The verdict on the window, and what is to be stored: of it, and anew of every later window that was there.

    `newest` is the verdict on the newest window where that is a later one; `changed` whether its alarms are others
    than stored.
    """

    verdict: Verdict
    stored: tuple[Stored, ...]
    newest: Verdict | None = None


def followed(look: Look, before: Sequence[Stored], after: Sequence[Stored], plan: Plan) -> Followed:
    """Judge a window.

    `before` are windows that end earlier, in order: at least the latest that has a memory, what was last learned up to
    it, the looks from its `since` on, and all looks after it. Without any memory among them all looks are followed
    from the first. `after` are the later windows; their looks are followed again.
    """
    raise NotImplementedError
