"""Commands: real programs, with what they may do and how they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from actions.receivers import event

from monitor.actions import command as module
from monitor.actions.cloudevents import message
from monitor.actions.command import Command, Ended
from monitor.event import Event

ROOT = Path(__file__).parents[2]
MARK = f"86399.{os.getpid()}"
"""Seconds that a sleeper sleeps: by them it is found."""


def ran(folder: Path, *argv: str, told: Event | None = None, **limits: Any) -> Ended:
    return Command(argv=argv, folder=folder, **{"seconds": 60.0, **limits}).run(told or event())


def sh(folder: Path, script: str, **more: Any) -> Ended:
    return ran(folder, "sh", "-c", script, **more)


def sleepers() -> list[str]:
    """Who sleeps MARK seconds; a dead process has no command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [path.parent.name] if MARK.encode() in path.read_bytes() else []
        except OSError:
            continue
    return found


def none_sleeps() -> bool:
    """SIGKILL is sent at once and carried out a moment later."""
    until = time.monotonic() + 10
    while sleepers() and time.monotonic() < until:
        time.sleep(0.01)
    return not sleepers()


def test_a_command_that_ends_with_0_is_done(tmp_path: Path) -> None:
    ended = sh(tmp_path, "echo trained; echo and stored >&2; pwd > where")
    assert (ended.code, ended.why, ended.said) == (0, "", "trained and stored")
    assert 0 < ended.took_seconds < 60
    assert (tmp_path / "where").read_text() == f"{tmp_path}\n"


def test_the_event_is_on_stdin_as_a_webhook_gets_it(tmp_path: Path) -> None:
    assert sh(tmp_path, "cat > told").code == 0
    assert (tmp_path / "told").read_bytes() == message(event())[1]
    assert json.loads((tmp_path / "told").read_text())["id"] == "e1"


def test_the_names_of_the_event_are_the_environment_and_nothing_of_the_daemon_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_PASSWORD", "hunter2")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    monkeypatch.setenv("HOME", "/home/driftd")
    told = event(data={"incident": "i7", "alarm": "prediction_down", "n": 3}, summary="Größe über 3 €")
    assert ran(tmp_path, sys.executable, "-c", DUMPED, told=told).code == 0
    found = json.loads((tmp_path / "environment").read_text())
    assert found == {
        "PATH": f"{os.defpath}:/usr/local/bin",
        "LANG": "C.UTF-8",
        "HOME": "/home/driftd",
        "TZ": "UTC",
        "DRIFTD_EVENT_ID": "e1",
        "DRIFTD_MONITOR": "churn",
        "DRIFTD_KIND": "incident.opened",
        "DRIFTD_SUMMARY": "Größe über 3 €",
        "DRIFTD_INCIDENT": "i7",
        "DRIFTD_ALARM": "prediction_down",
    }


DUMPED = "import json, os; json.dump({**os.environ}, open('environment', 'w'))"


@pytest.mark.parametrize("data", [{}, {"incident": 3, "alarm": None}])
def test_what_the_event_does_not_name_is_not_in_the_environment(tmp_path: Path, data: dict[str, Any]) -> None:
    assert ran(tmp_path, sys.executable, "-c", DUMPED, told=event(data=data)).code == 0
    assert not {"DRIFTD_INCIDENT", "DRIFTD_ALARM"} & set(json.loads((tmp_path / "environment").read_text()))


def test_what_an_event_says_stays_data(tmp_path: Path) -> None:
    evil = "\"'; touch evil; $(touch evil) `touch evil` & > evil | $HOME -rf *"
    told = event(summary=evil, data={"incident": "a\nb\0c; touch evil"}, monitor=evil)
    script = 'printf %s "$DRIFTD_SUMMARY" > summary; printf %s "$DRIFTD_INCIDENT" > incident; echo $0 "$@"'
    ended = ran(tmp_path, "sh", "-c", script, "$DRIFTD_SUMMARY", "{summary}; touch evil", told=told)
    assert (ended.code, ended.said) == (0, "$DRIFTD_SUMMARY {summary}; touch evil")
    assert (tmp_path / "summary").read_text() == evil
    assert (tmp_path / "incident").read_text() == "a b c; touch evil"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["incident", "summary"]


def test_a_large_event_is_read_or_not_as_the_command_likes(tmp_path: Path) -> None:
    told = event(data={"text": "x" * 3_000_000})
    assert ran(tmp_path, "true", told=told).code == 0
    assert sh(tmp_path, "head -c 10 > few; exec 0<&-; echo closed", told=told).said == "closed"
    assert sh(tmp_path, "wc -c", told=told).said == str(len(message(told)[1]))


@pytest.mark.parametrize(
    ("script", "code", "why"),
    [
        ("exit 3", 3, "exit code 3"),
        ("kill -TERM $$", None, "killed by signal SIGTERM"),
        ("kill -KILL $$", None, "killed by signal SIGKILL: is the machine out of memory?"),
        ("kill -40 $$", None, "killed by signal 40"),
        ("kill -XCPU $$", None, r"killed by signal SIGXCPU: used more CPU time than 1 minute (`time`) for each core"),
        ("kill -TERM 0", None, "killed by signal SIGTERM"),
        ("kill -KILL $PPID; read never", None, "killed together with its launcher: is the machine out of memory?"),
    ],
)
def test_it_is_told_how_a_command_failed(tmp_path: Path, script: str, code: int | None, why: str) -> None:
    ended = sh(tmp_path, f"echo before; {script}")
    assert (ended.code, ended.why, ended.said) == (code, why, "before")


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    script = f"setsid sleep {MARK} & (sh -c 'sleep {MARK}; true') & sleep {MARK}"
    ended = sh(tmp_path, f"{script}; echo never", seconds=1.0)
    assert (ended.code, ended.why, ended.said) == (None, "took longer than 1 s (`time`)", "")
    assert none_sleeps()


def test_a_command_that_will_not_end_is_killed(tmp_path: Path) -> None:
    ended = sh(
        tmp_path,
        f"trap 'echo no' TERM; setsid sh -c 'trap \"\" TERM; sleep {MARK}' & while :; do wait; done",
        seconds=0.5,
    )
    assert (ended.code, ended.why, ended.said) == (None, "took longer than 0.5 s (`time`)", "no")
    assert 5 < ended.took_seconds < 20
    assert none_sleeps()


def stopped(folder: Path, script: str) -> Ended:
    """Told to end when it has written to the pipe `ready`."""
    os.mkfifo(folder / "ready")
    stop = threading.Event()

    def stopping() -> None:
        (folder / "ready").read_text()  # waits until the command has opened it
        stop.set()

    thread = threading.Thread(target=stopping)
    thread.start()
    ended = Command(argv=("sh", "-c", script), folder=folder).run(event(), stop)
    thread.join()
    return ended


@pytest.mark.parametrize("code", [0, 1])
def test_a_command_is_stopped_with_the_daemon_and_may_tidy_up(tmp_path: Path, code: int) -> None:
    ended = stopped(tmp_path, f"trap 'echo saved; exit {code}' TERM; echo > ready; sleep {MARK} & wait")
    assert (ended.code, ended.why, ended.said) == (None, "stopped, as driftd ended", "saved")
    assert none_sleeps()


def test_a_command_that_had_ended_by_then_was_not_stopped(tmp_path: Path) -> None:
    ended = stopped(tmp_path, f"(while kill -0 $$; do :; done; echo > ready; sleep {MARK}) 2> /dev/null & exit 3")
    assert (ended.code, ended.why) == (3, "exit code 3")
    assert none_sleeps()


def test_nothing_is_started_when_the_daemon_is_about_to_end(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    ended = Command(argv=("touch", "here"), folder=tmp_path).run(event(), stop)
    assert (ended.code, ended.why) == (None, "stopped, as driftd ended")
    assert not list(tmp_path.iterdir())


def daemon(folder: Path, script: str) -> subprocess.Popen[bytes]:
    """A process of its own that runs a shell script as a command."""
    program = f"""
import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from actions.receivers import event
from monitor.actions.command import Command
Command(argv=("sh", "-c", {script!r}), folder=Path({str(folder)!r})).run(event())
"""
    found = subprocess.Popen([sys.executable, "-"], stdin=subprocess.PIPE)  # it is no sleeper: not in its arguments
    assert found.stdin is not None
    with found.stdin:
        found.stdin.write(program.encode())
    return found


def test_what_a_script_started_ends_with_a_daemon_that_is_killed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ready")
    script = f"sleep {MARK} & (sh -c 'sleep {MARK}; true') & echo > ready; sleep {MARK}"
    with daemon(tmp_path, script) as killed:
        (tmp_path / "ready").read_text()
        killed.kill()
    assert none_sleeps()


def test_a_command_ends_with_its_launcher(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ready")
    with daemon(tmp_path, f"echo $PPID > ready; exec sleep {MARK}") as stopped:
        launcher = int((tmp_path / "ready").read_text())
        stopped.send_signal(signal.SIGSTOP)
        os.kill(launcher, signal.SIGKILL)
        is_over = none_sleeps()
        stopped.kill()
    assert is_over


def test_a_process_that_is_left_holding_the_output_is_not_waited_for(tmp_path: Path) -> None:
    ended = sh(tmp_path, f"setsid sleep {MARK} & sleep {MARK} & echo trained")
    assert (ended.code, ended.said) == (0, "trained")
    assert ended.why == "it left something running, which was killed; a command is to wait for what it starts"
    assert ended.took_seconds < 20
    assert none_sleeps()


def test_a_process_that_tidies_up_behind_the_command_may_do_so(tmp_path: Path) -> None:
    ended = sh(tmp_path, "(while kill -0 $$; do :; done; echo tidy) 2> /dev/null & echo trained")
    assert (ended.code, ended.why, ended.said) == (0, "", "trained tidy")


def test_memory_has_a_limit_for_each_process(tmp_path: Path) -> None:
    ended = ran(tmp_path, sys.executable, "-c", "held = bytearray(1 << 30)", memory_bytes=256 << 20)
    assert ended.code == 1
    assert ended.why == "exit code 1: it may need more memory than 256 MiB for a process (`memory`)"
    assert ended.said.endswith("MemoryError")


def test_address_space_that_is_only_reserved_is_not_counted(tmp_path: Path) -> None:
    reserve = "import mmap; mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0)"
    assert ran(tmp_path, sys.executable, "-c", reserve, memory_bytes=256 << 20).code == 0


def test_any_amount_of_output_passes_and_its_end_is_kept(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        ended = sh(
            tmp_path, "head -c 300000000 /dev/zero; yes no | head -c 3000 >&2; printf '\\033[31m\\377 the\\tend\\n'"
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert ended.code == 0
    assert ended.said.endswith("no no no [31m? the end")
    assert len(ended.said.encode()) <= 1024
    assert peak < 4 << 20


def test_a_pipe_that_is_closed_ends_its_writer_as_in_a_shell(tmp_path: Path) -> None:
    assert sh(tmp_path, "yes | head -n 1").said == "y"


def test_a_command_has_no_descriptor_no_core_and_no_new_rights_and_can_be_signalled(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        sh(tmp_path, "ls -l /proc/self/fd > open; cat /proc/self/limits > limits; cat /proc/self/status > status")
    assert "socket" not in (tmp_path / "open").read_text()
    limits = " ".join((tmp_path / "limits").read_text().split())
    assert "Max core file size 0 0 bytes" in limits
    assert f"Max cpu time {60 * (os.cpu_count() or 1) + 1} " in limits
    assert "Max file size unlimited unlimited" in limits
    status = (tmp_path / "status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "SigBlk:\t0000000000000000" in status


def test_no_descriptor_and_no_process_is_left_behind(tmp_path: Path) -> None:
    before, children = sorted(os.listdir("/proc/self/fd")), children_of_mine()
    for script in ("exit 0", "kill -KILL $PPID"):
        sh(tmp_path, script)
    ran(tmp_path / "nowhere", "true")
    ran(tmp_path, "nothing")
    assert sorted(os.listdir("/proc/self/fd")) == before
    assert children_of_mine() == children


def children_of_mine() -> set[str]:
    """Processes that were started here, dead ones that nobody has taken leave of too."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found.update((task / "children").read_text().split())
    return found


def test_a_command_that_cannot_start_says_why(tmp_path: Path) -> None:
    files = {"train.sh": "echo 1\n", "plain": "echo 1\n", "lost": "#!/no/such/interpreter\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o644 if name == "train.sh" else 0o755)
    searched = f"{os.defpath}:/usr/local/bin"
    unable = "not executable by driftd's user; chmod +x, or its interpreter before it, would be right"
    told = {
        "retrain.sh": f"retrain.sh: no such file in {searched}; a path would be right",
        "train.sh": f"train.sh: no such file in {searched}; ./train.sh, which is {tmp_path}/train.sh, would be right",
        "./retrain.sh": f"./retrain.sh: no such file; a path from {tmp_path}, or a whole one, would be right",
        "./plain/x": f"./plain/x: no such file; a path from {tmp_path}, or a whole one, would be right",
        "./train.sh": f"./train.sh: {unable}",
        "./plain": "./plain: not a program; a first line such as #!/bin/sh would be right",
        "./lost": "./lost: the interpreter that its first line names is not there",
        "/tmp": "/tmp: a folder; a program in it would be right",
        "./" + "n" * 300: "./" + "n" * 300 + ": File name too long",
    }
    for program, why in told.items():
        assert ran(tmp_path, program) == Ended(
            code=None, why=f"cannot start: {why}", took_seconds=pytest.approx(0, abs=60)
        )
    nowhere = tmp_path / "nowhere"
    assert ran(nowhere, "true").why == (
        f"cannot start: {nowhere}: No such file or directory; a folder to run it in would be right"
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"argv": ()}, r"argv \[\]: a program and its arguments would be right"),
        ({"argv": ("",)}, r"argv \[''\]: a program"),
        ({"argv": ("sh", "a\0b")}, r"argv: 'a\\x00b' has a character that no argument can have"),
        ({"argv": ("sh", "\ud800")}, r"argv: '\\ud800' has a character"),
        ({"seconds": 0.0}, "seconds: 0.0; it must be more than 0, and finite"),
        ({"seconds": float("inf")}, "seconds: inf"),
        ({"memory_bytes": 1000}, "memory_bytes: 1000; at least 16 MiB would be right"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Command(**{"argv": ("true",), "folder": Path("/"), **wrong})


def test_the_least_memory_is_enough_to_start(tmp_path: Path) -> None:
    assert sh(tmp_path, "echo trained", memory_bytes=module.LEAST_MEMORY_BYTES).said == "trained"


def test_an_interrupted_run_ends_the_command(tmp_path: Path) -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            sh(tmp_path, f"kill -USR1 {os.getpid()}; sleep {MARK}")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert none_sleeps()
