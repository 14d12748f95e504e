import copy

import pytest

from monitor.child.limits import WHY_BYTES, ChildFailed, Limits, line


@pytest.mark.parametrize("key", ["memory_bytes", "seconds", "answer_bytes"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_limit_that_limits_nothing_is_refused(key, value):
    with pytest.raises(ValueError, match=f"{key}: {value!r}; it must be more than 0, and finite"):
        Limits(**{key: value})


def test_why_is_one_printable_line_of_at_most_a_kibibyte():
    failed = ChildFailed("raised", "ä\n\x1b[31m\ud800" + "€" * 2000)
    assert failed.why.startswith("ä [31m €€")
    assert len(failed.why.encode()) <= WHY_BYTES
    assert failed.why.isprintable()
    assert str(failed) == f"raised: {failed.why}"


def test_an_empty_why_stays_empty():
    assert line("\n \t") == ""


def test_a_failure_can_be_copied_to_another_process():
    failed = copy.copy(ChildFailed("memory", "too much"))  # by its arguments, as between processes
    assert (failed.reason, failed.why) == ("memory", "too much")
