"""A report's status from its findings, and its coverage."""

import pytest

from monitor.finding import Finding, Status
from monitor.report import Inputs, Origin, Report

OK, UNKNOWN, SKIPPED, VIOLATED, FAILED = Status.OK, Status.UNKNOWN, Status.SKIPPED, Status.VIOLATED, Status.FAILED


def report(*statuses: Status, required: tuple[str, ...] = ()) -> Report:
    findings = tuple(Finding(status=status, rule=f"rule{i}") for i, status in enumerate(statuses))
    return Report(monitor="m", window=None, baseline=Origin(), inputs=Inputs(), findings=findings, required=required)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((OK, UNKNOWN, SKIPPED, FAILED, VIOLATED), VIOLATED),
        ((OK, UNKNOWN, FAILED), FAILED),
        ((OK, UNKNOWN, SKIPPED), OK),
        ((UNKNOWN, SKIPPED), UNKNOWN),
        ((SKIPPED,), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_the_worst_finding_decides_and_nothing_judged_is_unknown(
    statuses: tuple[Status, ...], expected: Status
) -> None:
    assert report(*statuses).status is expected


def test_a_required_rule_that_judged_nothing_is_unknown() -> None:
    found = report(OK, UNKNOWN, required=("rule1",))
    assert (found.status, found.not_judged) == (UNKNOWN, ("rule1",))


def test_a_required_rule_that_was_judged_once_will_do() -> None:
    findings = (Finding(status=OK, rule="a"), Finding(status=UNKNOWN, rule="a"))
    found = Report(monitor="m", window=None, baseline=Origin(), inputs=Inputs(), findings=findings, required=("a",))
    assert found.status is OK


def test_a_required_rule_whose_subject_is_not_there_does_not_matter() -> None:
    assert report(OK, SKIPPED, required=("rule1", "another")).status is OK


def test_coverage_counts_what_was_judged_of_what_was_asked() -> None:
    found = report(OK, VIOLATED, UNKNOWN, FAILED, SKIPPED)
    assert (found.judged, found.asked) == (2, 4)
    assert [f.rule for f in found.violations] == ["rule1"]
