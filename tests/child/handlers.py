"""Handlers for the tests of `monitor.child`: imported in the child only, from `paths`."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

Answer = tuple[dict[str, Any], bytes]


def echo(task: dict[str, Any], payload: memoryview) -> Answer:
    return {**task, "pid": os.getpid()}, bytes(payload)


def first_byte(task: dict[str, Any], payload: memoryview) -> Answer:
    return {"first": payload[0], "count": len(payload)}, b""


def exceptional(task: dict[str, Any], payload: memoryview) -> Answer:
    raise {"system_exit": SystemExit(3), "interrupt": KeyboardInterrupt()}.get(task["kind"], ValueError(task["kind"]))


def deep(task: dict[str, Any], payload: memoryview) -> Answer:
    import json

    json.loads("{")
    return {}, b""


class Rude(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


def rude(task: dict[str, Any], payload: memoryview) -> Answer:
    raise Rude


def recursive(task: dict[str, Any], payload: memoryview) -> Answer:
    return recursive(task, payload)


def not_a_tuple(task: dict[str, Any], payload: memoryview) -> Any:
    return [], b""


def not_json(task: dict[str, Any], payload: memoryview) -> Answer:
    return {"value": object()}, b""


def endless(task: dict[str, Any], payload: memoryview) -> Answer:
    while True:
        pass


def sleepy(task: dict[str, Any], payload: memoryview) -> Answer:
    time.sleep(task.get("seconds", 60))
    return {}, b""


def busy(task: dict[str, Any], payload: memoryview) -> Answer:
    """Say that the work has begun, and never end it."""
    Path(task["file"]).write_text(f"{os.getpid()}\n")
    time.sleep(60)
    return {}, b""


def hungry(task: dict[str, Any], payload: memoryview) -> Answer:
    held = [bytearray(1 << 20) for _ in range(task["mebibytes"])]
    return {"held": len(held)}, b""


def hungry_in_small_bites(task: dict[str, Any], payload: memoryview) -> Answer:
    held: list[Any] = []
    while True:
        held.append([held])


def hungry_numpy(task: dict[str, Any], payload: memoryview) -> Answer:
    import numpy

    return {"sum": float(numpy.ones(task["mebibytes"] << 17).sum())}, b""


def chatty(task: dict[str, Any], payload: memoryview) -> Answer:
    stream = sys.stdout if task["stream"] == "stdout" else sys.stderr
    count = 0
    while count < task["lines"] or task["lines"] < 0:
        stream.write("x" * 100 + "\n")
        count += 1
    return {"lines": count}, b""


def sleeper(task: dict[str, Any], payload: memoryview) -> Answer:
    """Leave sleepers behind: a forked one, and one in a session of its own whose parent is gone."""
    forked = os.fork()
    if not forked:
        time.sleep(60)
        os._exit(0)
    code = (
        "import subprocess; print(subprocess.Popen(['sleep', '60'], start_new_session=True, stdout=-3, stderr=-3).pid)"
    )
    escaped = int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    with open(task["file"], "w") as file:
        file.write(f"{os.getpid()} {forked} {escaped}")
    if task["then"] == "hang":
        time.sleep(60)
    if task["then"] == "die":
        os.kill(escaped, signal.SIGKILL)  # the documented gap: nobody finds it once we are gone
        os._exit(3)
    return {}, b""


def two_returns(task: dict[str, Any], payload: memoryview) -> Answer:
    return {"is_copy": os.fork() == 0}, b""


def dead(task: dict[str, Any], payload: memoryview) -> Answer:
    sys.stderr.write("row: 12, 13\nlast words\n")
    sys.stderr.flush()
    if "signal" in task:
        os.kill(os.getpid(), task["signal"])
    os._exit(3)


def large(task: dict[str, Any], payload: memoryview) -> Answer:
    return {"text": "x" * task.get("header", 0)}, b"x" * task.get("payload", 0)


def surroundings(task: dict[str, Any], payload: memoryview) -> Answer:
    limits = ("CORE", "FSIZE", "NOFILE", "CPU", "AS", "DATA")
    return {
        "environment": dict(os.environ),  # noqa: TID251  it is what the test looks at
        "folder": os.getcwd(),
        "input": sys.stdin.read(),
        "limits": {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in limits},
        "no_new_privileges": "NoNewPrivs:\t1" in Path("/proc/self/status").read_text(),
        "open_files": len(os.listdir("/proc/self/fd")) - 1,
        "session": os.getsid(0) == os.getpid(),
        "modules": sorted(sys.modules),
    }, b""


def large_file(task: dict[str, Any], payload: memoryview) -> Answer:
    with tempfile.TemporaryFile() as file:
        file.seek(task["bytes"])
        file.write(b"x")
    return {}, b""


def garbled(task: dict[str, Any], payload: memoryview) -> Answer:
    answers = int(Path("/proc/self/cmdline").read_text().split("\0")[-2])
    os.write(answers, b"\0\0\0\2" + b"\0" * 8 + b"{[")
    return {}, b""


def arrow(task: dict[str, Any], payload: memoryview) -> Answer:
    import pyarrow
    import pyarrow.compute
    import pyarrow.ipc

    with pyarrow.ipc.open_stream(payload) as reader:
        table = reader.read_all()
    return {"rows": table.num_rows, "sum": pyarrow.compute.sum(table["a"]).as_py()}, b""


def heavy_import(task: dict[str, Any], payload: memoryview) -> Answer:
    import pyarrow  # maps more than the 64 MiB of the test
    import scipy.stats

    return {"modules": [pyarrow.__name__, scipy.stats.__name__]}, b""


def maybe(task: dict[str, Any], payload: memoryview) -> Answer:
    match task.get("how"):
        case "raise":
            raise ValueError("asked to")
        case "hang":
            time.sleep(60)
        case "eat":
            return {"held": len(bytearray(1 << 30))}, b""
        case "exit":
            os._exit(3)
        case "flood":
            return {}, b"x" * (2 << 20)
    return {"pid": os.getpid()}, b""
