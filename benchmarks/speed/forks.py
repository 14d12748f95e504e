"""Forks: how long it takes until a worker of the daemon, forked from a process that has loaded everything, is there.

usage: python -m benchmarks.speed.forks
"""

from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter

from benchmarks.speed.peers.told import Clock
from monitor.daemon.workers import Workers

TIMES = 50


def main() -> None:
    """Milliseconds on the clock, the median of many; the first waits for the loading."""
    clock = Clock()
    workers = Workers()
    workers.start()
    took = [1000 * _forked(workers) for _ in range(TIMES + 1)]
    clock.tell(first_milliseconds=took[0], milliseconds=median(took[1:]))


def _forked(workers: Workers) -> float:
    began = perf_counter()
    ours, theirs = workers.context.Pipe()
    process = workers.context.Process(target=_greet, args=(theirs,))
    process.start()
    theirs.close()
    ours.recv_bytes()
    took = perf_counter() - began
    process.join()
    return took


def _greet(pipe: Connection) -> None:
    pipe.send_bytes(b"here")


if __name__ == "__main__":
    main()
