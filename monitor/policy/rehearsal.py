"""Rehearsal: before production is judged, what its second half would have raised, learned from the first half alone.

Never on windows that were learned from. What it finds is told with the end of learning, and changes nothing. One alarm
says little: of quiet traffic with a mild rhythm one trial in sixteen had one, as half of the windows show less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.policy.arming import armed
from monitor.policy.life import Life, begun, fresh, stepped
from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.wording import counted

FEWEST = 14
"""Windows in a half, as few as are learned from by default: bands of fewer are so wide that they raise nothing."""
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """`learned` windows were learned from and `tried` replayed, which raised `alarms` of these `features`."""

    learned: int
    tried: int
    alarms: int
    features: tuple[str, ...]

    def __str__(self) -> str:
        halves = f"tried on itself: by its first {counted(self.learned, 'window')} the other {self.tried} raise"
        if not self.alarms:
            return f"{halves} no alarm"
        names = ", ".join(self.features[:NAMED])
        more = f" and {len(self.features) - NAMED} more" if len(self.features) > NAMED else ""
        means = "more may come than is promised" if self.alarms > 1 else "half as much learning may do that by chance"
        return f"{halves} {counted(self.alarms, 'alarm')} ({names}{more}): {means}"


def rehearsed(looks: Sequence[Look], plan: Plan) -> Rehearsal | None:
    """The rehearsal of windows that were learned from, in order; None where they are too few for two halves."""
    half = len(looks) // 2
    if half < FEWEST:
        return None
    tried = replace(plan, learn_for=half * plan.interval, learn_at_least=half, marks=())
    before = begun(tried, looks[0])
    found, notes, _ = armed(before.found, before.memory.notes, looks[:half], tried)
    life = Life(memory=fresh(replace(notes, since=None), found, tried), found=found)
    alarms, features = 0, dict[str, None]()
    for look in looks[half:]:
        life, step = stepped(life, look, (), tried)
        raised = [word.feature or "" for word in step.words if word.what == "drift"]
        alarms += bool(raised)
        features |= dict.fromkeys(raised)
    return Rehearsal(learned=half, tried=len(looks) - half, alarms=alarms, features=tuple(features))
