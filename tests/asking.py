"""A shipped rule asked about small tables, through the judge as always."""

from collections.abc import Iterable, Sequence
from typing import Any

from monitor.finding import Finding
from monitor.judge import judge
from monitor.profile import Profile
from monitor.rule import Check
from monitor.rulepath import shipped
from monitor.testing import profile

RULES = shipped()


def findings(rule: str, now: Profile, base: Profile, **options: Any) -> Sequence[Finding]:
    return judge(now, base, [Check(rule=RULES[rule], options=options)], learned=base)


def about(rule: str, now: Iterable[Any], base: Iterable[Any], **options: Any) -> Finding:
    """The one finding about a column of these values."""
    known = profile({"x": list(base)})
    (found,) = findings(rule, profile({"x": list(now)}, known), known, **options)
    return found
