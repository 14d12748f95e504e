"""What makes a function a rule, and what is wrong with those that are none."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from monitor import Categorical, Feature, Finding, Numeric, Profile, rule, skip, transform
from monitor.errors import RuleError
from monitor.rule import Check, Rule


def test_the_function_says_all_about_the_rule() -> None:
    def spread(
        now: Numeric, base: Numeric, *, most: float = 2.0, wait: timedelta = timedelta(hours=1), name: str
    ) -> Finding:
        """Violated when the spread grew.

        More on `most`.
        """
        return skip(name)

    marked = rule(spread)
    found: Rule = marked.__rule__  # type: ignore[attr-defined]
    assert marked is spread
    assert (found.name, found.subject, found.judge) == ("spread", "Numeric", spread)
    assert found.doc == "Violated when the spread grew.\n\nMore on `most`."
    assert {name: (o.type, o.is_required) for name, o in found.options.items()} == {
        "most": (float, False),
        "wait": (timedelta, False),
        "name": (str, True),
    }
    assert found.options["most"].default == 2.0


@pytest.mark.parametrize("subject", [Numeric, Categorical, Feature, Profile, pd.DataFrame])
def test_the_annotation_of_now_is_the_subject(subject: type) -> None:
    def judge(now: Any, base: Any) -> Finding:
        return skip("")

    judge.__annotations__["now"] = subject
    found: Rule = rule(judge).__rule__  # type: ignore[attr-defined]
    assert found.subject == subject.__name__
    assert found.is_about_features == (subject in (Numeric, Categorical, Feature))


def test_annotations_may_be_written_as_text() -> None:
    def judge(now: "Numeric", base: "Numeric", *, most: "float" = 1.0) -> "Finding":
        return skip("")

    found: Rule = rule(judge).__rule__  # type: ignore[attr-defined]
    assert (found.subject, found.options["most"].type) == ("Numeric", float)


def wrong_order(base: Numeric, now: Numeric) -> Finding:
    return skip("")


def by_place(now: Numeric, base: Numeric, most: float = 1.0) -> Finding:
    return skip("")


def many(now: Numeric, base: Numeric, **options: float) -> Finding:
    return skip("")


def strange(now: int, base: int) -> Finding:
    return skip("")


def unmarked(now, base) -> Finding:  # type: ignore[no-untyped-def]
    return skip("")


def untyped(now: Numeric, base: Numeric, *, most=1.0) -> Finding:  # type: ignore[no-untyped-def]
    return skip("")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (wrong_order, r"rule 'wrong_order': its parameters must be \(now, base, \*, options\.\.\.\), not \(base: "),
        (by_place, r"rule 'by_place': its parameters must be \(now, base"),
        (many, r"rule 'many': its parameters must be \(now, base"),
        (strange, r"rule 'strange': `now: int` is not a subject; one of Numeric, Categorical, Feature"),
        (unmarked, r"rule 'unmarked': `now` has no annotation; one of Numeric, Categorical, Feature"),
        (untyped, r"rule 'untyped': option 'most' has no type; write `most: float = \.\.\.`"),
    ],
)
def test_a_rule_of_the_wrong_form_is_refused_and_says_what_would_be_right(function: Any, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        rule(function)


def test_a_transform_stays_a_plain_function() -> None:
    def halve(batch: Any) -> Any:
        return batch

    assert transform(halve) is halve
    assert halve.__transform__  # type: ignore[attr-defined]


def test_a_check_asks_about_every_feature_unless_told_otherwise() -> None:
    found: Rule = rule(lambda_free).__rule__  # type: ignore[attr-defined]
    check = Check(rule=found)
    assert (check.features, check.severity, check.required, check.enabled) == (("*",), "warning", False, True)


def lambda_free(now: Profile, base: Profile) -> Finding:
    return skip("")
