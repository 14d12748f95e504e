"""Foolish: a detector that never says anything and one that always does. Both must fail the table."""

from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.policy.verdict import Verdict, Word


class Never:
    """All is well, always."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def step(self, look: Look) -> Verdict:  # noqa: ARG002
        return Verdict(phase="armed", question="drift")


class Always:
    """Something has moved, always: the features by turns."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.at = plan, 0

    def step(self, look: Look) -> Verdict:  # noqa: ARG002
        self.at += 1
        features = self.plan.layout.features
        word = Word(what="drift", feature=features[self.at % len(features)], channel="level", scale=1)
        return Verdict(phase="armed", question="drift", words=(word,))
