"""How a rule is tested: features from plain lists, and the law for all rules."""

from pathlib import Path

from monitor import Status
from monitor.rulefile import load
from monitor.testing import faults, numeric

PATH = Path(__file__).with_name("refund_share.py")
refund_share = load(PATH).rules["refund_share"].judge
BASE = numeric([10, 20, 30, -5] * 250 + [15] * 1000)


def test_three_times_the_refunds_are_a_violation() -> None:
    found = refund_share(numeric([10, 20, 30, -5, -6, -7] * 100, BASE), BASE)
    assert found.status is Status.VIOLATED
    assert 3.5 < found.value < 4.5


def test_the_same_share_of_refunds_is_ok() -> None:
    assert refund_share(BASE, BASE).status is Status.OK


def test_the_option_moves_the_limit() -> None:
    now = numeric([10, 20, 30, -5, -6, -7] * 100, BASE)
    assert refund_share(now, BASE, max_ratio=10.0).status is Status.OK


def test_the_rule_obeys_the_law_for_all_rules() -> None:
    assert faults(PATH) == []
