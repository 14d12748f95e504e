"""A problem names its classes as rows do."""

import pytest

from monitor.problem import Problem, class_named


def test_the_positive_class_and_those_with_costs_are_named_as_in_rows():
    problem = Problem(kind="binary", positive="True", costs={"true": {"0.0": 5}, "no": {"1": 1}})
    assert problem.positive == "1"
    assert problem.costs == {"1": {"0": 5.0}, "no": {"1": 1.0}}


@pytest.mark.parametrize(
    ("text", "name"),
    [("1e3", "1000"), ("+1", "1"), ("-0", "0"), ("9007199254740993", "9007199254740993"), ("FALSE", "0"), ("inf", None),
     (".5", "0.5"), ("1 2", "1 2"), ("١", "١"), ("1" * 50, "1" * 50)],
)  # fmt: skip
def test_a_class_is_told_by_its_text(text, name):
    found = class_named(text)
    assert found == name if len(text) < 50 else found is not None


def test_what_is_no_class_is_refused_with_what_would_be_right():
    with pytest.raises(ValueError, match="positive: 'nan' is not a class; a text or a number such as 1 would be right"):
        Problem(kind="binary", positive="nan")
    with pytest.raises(ValueError, match="costs: '' is not a class"):
        Problem(kind="binary", costs={"1": {"": 2}})
