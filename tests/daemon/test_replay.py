"""The demonstration around its story (`tests/end_to_end/test_demo.py`): it begins, it ends, and where it may not."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.daemon.replay import Replay
from monitor.errors import Held, InputError


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The process' own signals are put back."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def demo(folder: Path, days: int = 1) -> Replay:
    return Replay(folder / "demo", {}, "127.0.0.1:0", days=days)


def test_an_end_in_between_is_an_end(tmp_path: Path) -> None:
    replay = demo(tmp_path)
    replay.service.stopping.set()
    assert replay.run(once=False, told=lambda: pytest.fail("the past is not judged")) == 0


def test_what_goes_wrong_beside_the_daemon_is_raised_and_ends_it(tmp_path: Path) -> None:
    replay = demo(tmp_path)
    (replay.folder / "captures" / "green" / f"{replay.start:%Y}").write_text("in the way")
    with pytest.raises(OSError, match="captures/green"):
        replay.run(once=False, told=lambda: None)


def test_it_makes_way_for_another_one_and_only_for_that(tmp_path: Path) -> None:
    old = demo(tmp_path).folder / "captures" / "green" / "old.jsonl"
    old.write_text("")
    assert demo(tmp_path).token != demo(tmp_path).token
    assert not old.exists()
    (tmp_path / "demo" / "driftd.yaml").write_text("monitors: {}\n")
    with pytest.raises(InputError, match="holds something else than a demonstration"):
        demo(tmp_path)


def test_a_demonstration_that_runs_is_left_alone(tmp_path: Path) -> None:
    first = demo(tmp_path)
    first.service.start()
    try:
        with pytest.raises(Held, match="another demonstration runs in it"):
            demo(tmp_path)
    finally:
        first.service.stop()
