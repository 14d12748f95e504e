"""Foolish: a detector that never says anything and one that always does. Both must fail the table."""

from benchmarks.verdicts.run import Said
from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.policy.verdict import Movement, Verdict


class Never:
    """All is well, always."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def step(self, look: Look) -> Said:  # noqa: ARG002
        return Said()

    def verdict(self) -> Verdict:
        return _verdict(self.plan)


class Always:
    """Something has moved, always: the features by turns."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.at = plan, 0

    def step(self, look: Look) -> Said:  # noqa: ARG002
        self.at += 1
        features = self.plan.layout.features
        return Said(drift=(features[self.at % len(features)],), by=("always",))

    def verdict(self) -> Verdict:
        return _verdict(self.plan)


def _verdict(plan: Plan) -> Verdict:
    """All is well as far as could be seen, and anything would have been noticed."""
    movements = [Movement(feature=name, status="ok", noticeable=0.1) for name in plan.layout.features]
    return Verdict(phase="armed", question="drift", movements=tuple(movements))
