import os
import signal
from pathlib import Path

import pyarrow
import pytest

from monitor.child.parent import Child, ChildFailed, Limits

HERE = str(Path(__file__).parent)
SMALL = Limits(memory_bytes=64 << 20, seconds=20)
BRIEF = Limits(memory_bytes=64 << 20, seconds=0.5)


def child(handler, limits=SMALL):
    return Child(f"handlers:{handler}", limits, [HERE])


def failure(handler, task=None, limits=SMALL, payload=b""):
    with child(handler, limits) as one, pytest.raises(ChildFailed) as caught:
        one.call(task or {}, payload)
    return caught.value


def test_twenty_megabytes_go_there_and_come_back():
    payload = os.urandom(1 << 20) * 20
    with child("echo") as one:
        answer, data = one.call({"name": "ü", "share": 0.5, "nothing": None, "inf": float("inf")}, payload)
    assert data == payload
    assert {**answer, "pid": 0} == {"name": "ü", "share": 0.5, "nothing": None, "inf": float("inf"), "pid": 0}


def test_an_arrow_buffer_is_a_payload():
    table = pyarrow.table({"a": [1, 2, 39]})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    with child("arrow", Limits()) as one:
        assert one.call({}, sink.getvalue()) == ({"rows": 3, "sum": 42}, b"")


def test_the_payload_does_not_count_as_memory():
    with child("first_byte", Limits(memory_bytes=8 << 20)) as one:
        assert one.call({}, b"a" * (60 << 20))[0] == {"first": 97, "count": 60 << 20}


def test_one_process_answers_many_calls():
    with child("echo") as one:
        assert len({one.call({})[0]["pid"] for _ in range(5)}) == 1


def test_a_child_that_raised_lives_on():
    with child("maybe") as one:
        before = one.call({})[0]["pid"]
        with pytest.raises(ChildFailed, match=r"^raised: ValueError: asked to \(handlers.py:\d+\)$"):
            one.call({"how": "raise"})
        assert one.call({})[0]["pid"] == before


@pytest.mark.parametrize(
    ("how", "reason"), [("hang", "timeout"), ("eat", "memory"), ("exit", "died"), ("flood", "too_large")]
)
def test_after_every_other_failure_the_next_call_meets_a_new_process(how, reason):
    seconds = 1 if how == "hang" else 20
    with child("maybe", Limits(memory_bytes=64 << 20, seconds=seconds, answer_bytes=1 << 20)) as one:
        before = one.call({})[0]["pid"]
        with pytest.raises(ChildFailed) as caught:
            one.call({"how": how})
        assert caught.value.reason == reason
        assert one.call({})[0]["pid"] != before


def test_a_child_that_died_between_calls_is_started_again():
    with child("echo") as one:
        before = one.call({})[0]["pid"]
        os.kill(before, signal.SIGKILL)
        os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
        assert one.call({})[0]["pid"] != before


def test_a_closed_child_can_be_called_again():
    with child("echo") as one:
        one.close()
        one.call({})
        one.close()
        one.close()
        assert one.call({"again": 1})[0]["again"] == 1


@pytest.mark.parametrize("handler", ["endless", "sleepy"])
def test_a_hang_is_a_timeout(handler):
    failed = failure(handler, limits=BRIEF)
    assert (failed.reason, failed.why) == ("timeout", "no answer within 0.5 s (`limits.time`)")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_printing_without_end_is_a_timeout(stream):
    assert failure("chatty", {"stream": stream, "lines": -1}, BRIEF).reason == "timeout"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_printing_much_is_no_failure(stream):
    with child("chatty") as one:
        assert one.call({"stream": stream, "lines": 50_000})[0] == {"lines": 50_000}


@pytest.mark.parametrize("handler", ["hungry", "hungry_numpy"])
def test_memory_is_limited_on_top_of_what_is_there(handler):
    limits = Limits(memory_bytes=128 << 20, seconds=20)
    with child(handler, limits) as one:
        one.call({"mebibytes": 40})
    failed = failure(handler, {"mebibytes": 200}, limits)
    assert (failed.reason, failed.why) == ("memory", "needed more memory than 128 MiB (`limits.memory`)")


def test_memory_eaten_in_small_bites_is_still_told():
    assert failure("hungry_in_small_bites").reason == "memory"


def test_a_library_that_does_not_fit_is_a_matter_of_memory():
    assert failure("heavy_import").reason == "memory"


def test_an_exit_says_its_code_and_the_last_line_only():
    failed = failure("dead")
    assert (failed.reason, failed.why) == ("died", "ended with exit code 3 and no answer; its last words: last words")


@pytest.mark.parametrize(
    ("number", "reason", "why"),
    [
        (
            signal.SIGKILL,
            "died",
            "killed by SIGKILL: is the machine out of memory? It may use 64 MiB (`limits.memory`)",
        ),
        (signal.SIGSEGV, "died", "killed by SIGSEGV"),
        (signal.SIGXCPU, "timeout", "more CPU time than 20 s for each core (`limits.time`)"),
    ],
)
def test_a_signal_is_named(number, reason, why):
    failed = failure("dead", {"signal": number})
    assert failed.reason == reason
    assert failed.why.startswith(why)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"payload": 2 << 20}, "the answer has 2 MiB; at most 1 MiB is taken"),
        ({"header": 2 << 20}, "the answer has 2 MiB; at most 1 MiB is taken"),
    ],
)
def test_an_answer_over_the_limit_is_not_taken(answer, why):
    failed = failure("large", answer, Limits(memory_bytes=64 << 20, seconds=20, answer_bytes=1 << 20))
    assert (failed.reason, failed.why) == ("too_large", why)


def test_bulk_in_the_header_is_not_taken():
    failed = failure("large", {"header": 17 << 20}, Limits(memory_bytes=128 << 20, seconds=20))
    assert (failed.reason, failed.why) == ("too_large", "the JSON of the answer has 17 MiB; at most 16 MiB is taken")


def test_an_answer_that_is_not_json_is_a_failure():
    failed = failure("garbled")
    assert failed.reason == "died"
    assert failed.why.startswith("its answer is not JSON: ")


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        ("handlers:nowhere", "handlers:nowhere cannot be loaded: AttributeError: module 'handlers' has no attribute"),
        ("nowhere:echo", "nowhere:echo cannot be loaded: ModuleNotFoundError: No module named 'nowhere'"),
    ],
)
def test_a_handler_that_is_not_there_is_named(handler, why):
    with Child(handler, SMALL, [HERE]) as one, pytest.raises(ChildFailed) as caught:
        one.call({})
    assert caught.value.reason == "raised"
    assert caught.value.why.startswith(why)


def test_a_task_that_is_not_json_is_the_callers_mistake():
    with child("echo") as one, pytest.raises(TypeError, match="not JSON serializable"):
        one.call({"what": object()})


def test_our_own_package_can_be_the_handlers_home():
    with Child("monitor.child.limits:size", SMALL) as one, pytest.raises(ChildFailed) as caught:
        one.call({})
    assert caught.value.why == "TypeError: size() takes 1 positional argument but 2 were given"
