import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

import monitor.child.serve
from monitor.child.parent import Child, ChildFailed, Limits
from monitor.child.process import import_paths

HERE = str(Path(__file__).parent)
ROOT = str(Path(monitor.child.serve.__file__).parents[2])
LIMITS = Limits(memory_bytes=64 << 20, seconds=20)


def child(handler, limits=LIMITS):
    return Child(f"handlers:{handler}", limits, [HERE])


def state(pid):
    """The letter and the session of a process, None when it is gone or only waits to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else (fields[0], int(fields[3]))


def session(leader):
    states = [state(name) for name in os.listdir("/proc") if name.isdigit()]
    return [one for one in states if one and one[1] == leader]


def soon(claim):
    """SIGKILL is sent at once and carried out a moment later."""
    deadline = time.monotonic() + 10
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.02)
    return claim()


@pytest.mark.parametrize(("then", "reason"), [("return", None), ("hang", "timeout"), ("die", "died")])
def test_nothing_that_a_child_started_outlives_it(then, reason, tmp_path):
    file = tmp_path / "pids"
    limits = Limits(memory_bytes=64 << 20, seconds=2 if then == "hang" else 20)
    with child("sleeper", limits) as one:
        try:
            one.call({"then": then, "file": str(file)})
            seen = None
        except ChildFailed as failed:
            seen = failed.reason
        assert seen == reason
    pids = [int(pid) for pid in file.read_text().split()]
    assert len(pids) == 3
    assert soon(lambda: not any(state(pid) for pid in pids))
    assert soon(lambda: not session(pids[0]))


def test_a_copy_that_returns_from_the_handler_does_not_answer_too():
    with child("two_returns") as one:
        for _ in range(3):
            assert one.call({}) == ({"is_copy": False}, b"")


def test_writing_to_a_child_that_does_not_read_has_a_deadline():
    with child("echo", Limits(memory_bytes=64 << 20, seconds=1)) as one:
        pid = one.call({})[0]["pid"]
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ChildFailed, match=r"timeout: no answer within 1 s"):
            one.call({}, b"x" * (4 << 20))
        assert not session(pid)


def test_no_file_descriptor_is_left_open():
    before = sorted(os.listdir("/proc/self/fd"))
    for handler in ("echo", "dead", "sleepy"):
        with child(handler, Limits(seconds=0.5)) as one, suppress(ChildFailed):
            one.call({})
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_an_interrupted_call_ends_the_child():
    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with child("sleepy") as one:
            one.call({"seconds": 0})
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                one.call({})
            one.call({"seconds": 0})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_another_thread_may_call_when_the_first_has_ended():
    with child("echo") as one:
        thread = threading.Thread(target=one.call, args=({},))
        thread.start()
        thread.join()
        assert soon(lambda: one._process.is_dead)
        assert one.call({"who": "main"})[0]["who"] == "main"


def test_a_machine_without_room_is_an_answer():
    script = f"""
import resource
from monitor.child.parent import Child, ChildFailed, Limits
resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6))
try:
    Child("handlers:echo", Limits(), [{HERE!r}]).call({{}})
except ChildFailed as failed:
    print(failed)
"""
    assert run(script).startswith("died: its process could not be started: [Errno 24] Too many open files")


def test_a_killed_parent_takes_a_child_at_work_along(tmp_path):
    file = tmp_path / "pid"
    script = f"""
from monitor.child.parent import Child, Limits
with Child("handlers:busy", Limits(), [{HERE!r}]) as one:
    one.call({{"file": {str(file)!r}}})
"""
    with subprocess.Popen([sys.executable, "-c", script], env={"PYTHONPATH": ROOT}, cwd="/") as parent:
        assert soon(lambda: file.exists() and file.read_text().endswith("\n"))
        pid = int(file.read_text())
        assert state(pid)  # at work: it does not see that nobody is at the other end
        parent.kill()
    assert soon(lambda: not state(pid))


def test_a_parent_without_standard_streams_works(tmp_path):
    script = f"""
import os
from monitor.child.parent import Child, Limits
os.closerange(0, 3)
with Child("handlers:echo", Limits(), [{HERE!r}]) as one:
    one.call({{}})
    answer, data = one.call({{"a": 1}}, b"x" * 1000000)
with open({str(tmp_path / "answer")!r}, "w") as file:
    file.write(f"{{answer['a']}} {{len(data)}}")
os._exit(0)
"""
    run(script)
    assert (tmp_path / "answer").read_text() == "1 1000000"


def test_the_child_imports_what_the_parent_can(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relative").mkdir()
    monkeypatch.setattr(sys, "path", ["", "relative", "/usr/lib/nowhere", "__editable__.other"])
    assert import_paths() == [ROOT, str(tmp_path / "relative"), "/usr/lib/nowhere", "__editable__.other"]
    monkeypatch.setattr(sys, "path", ["/usr/lib/nowhere", ROOT])
    assert import_paths() == ["/usr/lib/nowhere", ROOT]


def run(script):
    """A parent of its own, started away from the checkout and told of it by PYTHONPATH."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={"PYTHONPATH": ROOT},
        cwd="/",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()
