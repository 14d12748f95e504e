"""Log lines: one event, one line, whatever a stranger wrote into it."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.logs import REPEATED_SECONDS, Lines, Seldom, logger, start


def record(msg: str, *args: object, level: int = logging.INFO, error: Exception | None = None, **about: Any) -> Any:
    made = logging.LogRecord("driftd", level, "f.py", 1, msg, args, (type(error), error, None) if error else None)
    made.created = 1_772_442_000.5
    made.__dict__.update(component="monitor", about=about)
    return made


def line(msg: str, *args: object, **more: Any) -> str:
    return Lines("logfmt").format(record(msg, *args, **more))


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process' own logging is put back."""
    root, ours = logging.getLogger(), logging.getLogger("driftd")
    before = list(root.handlers), root.level, ours.level
    yield
    root.handlers[:], root.level, ours.level = before
    logging.captureWarnings(False)


def test_an_event_is_a_line_with_time_level_and_message_first_then_what_it_is_about() -> None:
    told = line("window judged", status="ok", window_end="e", window_start="s", run_id="r", monitor="m", rows=300)
    assert told == (
        'ts=2026-03-02T09:00:00.500Z level=info msg="window judged" '
        "monitor=m run_id=r window_start=s window_end=e component=monitor status=ok rows=300"
    )


def test_as_json_it_is_the_same_keys_in_the_same_order_and_numbers_stay_numbers() -> None:
    told = Lines("json").format(record("window judged", rows=300, monitor="m"))
    assert list(json.loads(told)) == ["ts", "level", "msg", "monitor", "component", "rows"]
    assert json.loads(told)["rows"] == 300


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "k=plain"),
        ("two words", 'k="two words"'),
        ("a=b", 'k="a=b"'),
        ('say "no"', r'k="say \"no\""'),
        ("back\\slash", r'k="back\\slash"'),
        ("", 'k=""'),
        ("Größe", "k=Größe"),
        (0.5, "k=0.5"),
        (None, "k=None"),
    ],
)
def test_a_value_is_bare_where_it_can_be_and_quoted_where_it_must(value: object, shown: str) -> None:
    assert line("x", k=value).endswith(f" component=monitor {shown}")


@pytest.mark.parametrize("form", ["logfmt", "json"])
@pytest.mark.parametrize(
    "bad", ["\n", "\r\n", "\x00", "\x1b[2J", "\x7f", "\x85", "\x9b2J", "\u2028", "\u2029", "\ud800"]
)
def test_neither_message_nor_value_nor_exception_can_begin_a_line_or_steer_a_terminal(form: Any, bad: str) -> None:
    text = f"before{bad}ts=now level=error"
    told = Lines(form).format(
        record(text, error=ValueError(text), monitor=text, err=text, other=[text], more={"k": text})
    )
    assert told.isprintable()
    assert len(told.splitlines()) == 1
    assert "before" in told


@given(text=st.text())
def test_every_event_can_be_read_again(text: str) -> None:
    told = Lines("json").format(record("x", k=text, n=1))
    assert told.isprintable()
    assert list(json.loads(told)) == ["ts", "level", "msg", "component", "k", "n"]
    assert line("x", k=text).isprintable()


def test_a_value_without_end_is_cut() -> None:
    assert len(line("m" * 9000, k="v" * 9000, error=ValueError("e" * 9000))) < 8000


def test_an_exception_is_told_by_its_kind_and_words_and_without_its_traceback() -> None:
    assert line("internal error", error=KeyError("total")).endswith("""err="KeyError: 'total'\"""")


def test_a_warning_that_comes_again_is_held_back_and_counted() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])

    def told(**more: Any) -> bool:
        return seldom.filter(record("store: %s", "locked", level=logging.WARNING, **more))

    assert [told() for _ in range(4)] == [True, False, False, False]
    now[0] = REPEATED_SECONDS - 1
    assert not told()
    now[0] = REPEATED_SECONDS
    again = record("store: %s", "locked", level=logging.WARNING)
    assert seldom.filter(again)
    assert again.about == {"repeated": 4}
    assert not told()


def test_another_monitor_another_reason_and_another_error_are_another_warning() -> None:
    seldom = Seldom(lambda: 0.0)
    different = [
        record("not judged", level=logging.ERROR, monitor="a", err="no file"),
        record("not judged", level=logging.ERROR, monitor="b", err="no file"),
        record("not judged", level=logging.ERROR, monitor="a", err="no room"),
        record("store: %s", "locked", level=logging.ERROR),
        record("store: %s", "full", level=logging.ERROR),
        record("internal error", level=logging.ERROR, error=KeyError("a")),
        record("internal error", level=logging.ERROR, error=KeyError("b")),
    ]
    assert [seldom.filter(one) for one in different] == [True] * 7
    assert [seldom.filter(one) for one in different] == [False] * 7


def test_what_is_no_warning_is_never_held_back() -> None:
    seldom = Seldom(lambda: 0.0)
    assert all(seldom.filter(record("window judged")) for _ in range(3))


def test_months_of_different_warnings_take_no_room() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])
    for number in range(5000):
        now[0] += 10
        seldom.filter(record(f"warning {number}", level=logging.WARNING))
    assert len(seldom.told) < 1100


def test_lines_go_to_the_standard_error_by_level_and_each_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    counted: list[str] = []
    start("info", "logfmt", counted.append)
    log = logger("planner")
    log.debug("not this")
    log.info("planned", extra={"about": {"monitor": "m"}})
    for _ in range(3):
        log.warning("left out")
    try:
        raise ValueError("no\nway")
    except ValueError:
        log.exception("internal error")
    out, err = capsys.readouterr()
    assert out == ""
    assert [told.split(" ", 1)[1] for told in err.splitlines()] == [
        "level=info msg=planned monitor=m component=planner",
        'level=warning msg="left out" component=planner',
        'level=error msg="internal error" component=planner err="ValueError: no way"',
    ]
    assert counted == ["info", "warning", "error"]


def test_a_new_start_takes_the_place_of_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    start("info", "logfmt")
    start("error", "json")
    logger("daemon").warning("not this")
    logger("daemon").error("this")
    assert [json.loads(told)["msg"] for told in capsys.readouterr().err.splitlines()] == ["this"]
