"""Launch: a command as a child of this small process, and what it and all of its children used, as a line of JSON.

usage: python launch.py CORES SECONDS COMMAND... (CORES such as 0,1)

The command's standard output goes to this one's, before that line. The process is small because a child's peak memory
counts from that of the process it was forked from; and it adopts what the command leaves behind, so that the CPU
time of that is counted too.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time

ADOPT = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
TOO_LONG = 124  # as timeout(1) says it


def main() -> int:
    """Run it, wait for everything, tell."""
    cores = {int(core) for core in sys.argv[1].split(",")}
    ctypes.CDLL(None).prctl(ADOPT, 1)
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        os.sched_setaffinity(0, cores)
        os.execvp(sys.argv[3], sys.argv[3:])
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(int(sys.argv[2]))
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - began
    signal.alarm(0)
    _reap(child)
    whole = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = os.waitstatus_to_exitcode(status)
    told = {
        "cpu": whole.ru_utime + whole.ru_stime,
        "wall": wall,
        "peak_mb": used.ru_maxrss / 1024,
        "code": TOO_LONG if wall >= int(sys.argv[2]) and code < 0 else code,
    }
    print("\n" + json.dumps(told))
    return 0


def _reap(group: int) -> None:
    """What the command left behind ends by itself, or after ten seconds."""
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(group, signal.SIGKILL))
    signal.alarm(10)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        signal.alarm(0)


if __name__ == "__main__":
    sys.exit(main())
