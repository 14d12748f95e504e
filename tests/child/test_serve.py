import os
from pathlib import Path

import pytest

from monitor.child.parent import Child, ChildFailed, Limits

HERE = str(Path(__file__).parent)
LIMITS = Limits(memory_bytes=64 << 20, seconds=10)


def child(handler):
    return Child(f"handlers:{handler}", LIMITS, [HERE])


def why(handler, task=None):
    with child(handler) as one, pytest.raises(ChildFailed) as caught:
        one.call(task or {})
    assert caught.value.reason == "raised"
    return caught.value.why


def number(text):
    """The line of `handlers.py` that holds the text."""
    return 1 + next(i for i, line in enumerate((Path(HERE) / "handlers.py").read_text().splitlines()) if text in line)


def test_an_exception_comes_with_its_place():
    assert (
        why("exceptional", {"kind": "no such thing"}) == f"ValueError: no such thing (handlers.py:{number('.get(ta')})"
    )


@pytest.mark.parametrize(("kind", "shown"), [("system_exit", "SystemExit: 3"), ("interrupt", "KeyboardInterrupt")])
def test_an_exit_by_exception_is_an_exception(kind, shown):
    assert why("exceptional", {"kind": kind}) == f"{shown} (handlers.py:{number('.get(ta')})"


def test_the_place_is_the_users_line_and_not_the_librarys():
    assert why("deep").endswith(f" (handlers.py:{number('json.loads')})")


def test_a_long_message_keeps_its_place():
    shown = why("exceptional", {"kind": "€" * 5000})
    assert shown.startswith("ValueError: €€")
    assert shown.endswith(f" (handlers.py:{number('.get(ta')})")
    assert len(shown.encode()) <= 1024


def test_a_message_that_raises_is_replaced():
    assert why("rude").startswith("Rude: its message cannot be shown (handlers.py:")


def test_endless_recursion_is_an_exception():
    assert why("recursive").startswith("RecursionError: maximum recursion depth exceeded")


def test_a_wrong_form_of_answer_is_an_exception():
    assert why("not_a_tuple") == "TypeError: the handler answered with a list; a dict and bytes would be right"
    assert why("not_json").startswith("TypeError: Object of type object is not JSON serializable")


def test_a_file_has_a_largest_size():
    with child("large_file") as one:
        assert one.call({"bytes": 1 << 20}) == ({}, b"")
    assert why("large_file", {"bytes": 65 << 20}).startswith("OSError: [Errno 27] File too large")


@pytest.fixture(scope="module")
def surroundings():
    with pytest.MonkeyPatch.context() as patch, child("surroundings") as one:
        patch.setenv("DRIFTD_SECRET", "must not be seen")
        one.call({})
        return one.call({})[0]


def test_the_environment_is_built_from_nothing(surroundings):
    assert surroundings["environment"] == {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
        "TZ": "UTC",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    assert surroundings["folder"] == "/"
    assert surroundings["input"] == ""


def test_the_limits_stand_before_the_handler(surroundings):
    limits = surroundings["limits"]
    assert (limits["CORE"], limits["FSIZE"], limits["NOFILE"]) == (0, 64 << 20, 256)
    assert 10 < limits["CPU"] <= 12 + 10 * (os.cpu_count() or 1)
    assert 64 << 20 < limits["DATA"] < limits["AS"] < 1 << 30
    assert surroundings["no_new_privileges"]


def test_the_child_is_alone_in_its_session_and_holds_only_its_pipes(surroundings):
    assert surroundings["session"]
    assert surroundings["open_files"] == 5


def test_the_child_imports_only_what_the_handler_does(surroundings):
    assert not {"monitor", "pyarrow", "numpy", "pandas"} & set(surroundings["modules"])
