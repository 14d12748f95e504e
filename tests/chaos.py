"""Daemons that plan, claim and finish on one store, killed at random."""

import json
import os
import random
import select
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import alembic.command  # noqa: F401  loaded once, before daemons are made: they do not live long
import ledgers
import psycopg  # noqa: F401

from monitor.errors import StoreError
from monitor.store.database import Database
from monitor.store.leadership import Leadership
from monitor.store.ledger import Ledger
from monitor.window import Window

MONITORS = ("a", "b", "c", "d")
LENGTH, LEASE = timedelta(milliseconds=200), timedelta(milliseconds=600)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  what a daemon's shell does


def plan(begun: datetime, now: datetime) -> ledgers.Plan:
    """All windows since the beginning, again and again: planning is idempotent."""
    count = (now - begun) // LENGTH
    windows = tuple(
        Window(start=begun + n * LENGTH, end=begun + (n + 1) * LENGTH) for n in range(max(count - 40, 0), count)
    )
    return ledgers.Plan(windows, (), begun + count * LENGTH)


def work(ledger: Ledger, rng: random.Random) -> bool:
    """One window, if one is due."""
    claim = ledger.claim(MONITORS, LEASE, clock())
    if claim is None:
        return False
    time.sleep(rng.uniform(0.005, 0.03))
    ledger.finish(claim, ledgers.done(rows={"a": 1}, report=ledgers.VIOLATED), clock())
    return True


def daemon(url: str, state: Path, begun: datetime, rng: random.Random, at_work: int) -> None:
    """SQLite: waits for the lead and takes over. PostgreSQL: all work at once, the leader plans."""
    lead = Leadership(url, state)
    while not lead.acquire() and url == "sqlite":
        time.sleep(0.005)
    database = Database.open(url, state)
    database.upgrade()
    ledger = Ledger(database, f"{os.getpid()}-{rng.random()}")
    if lead.holds():
        ledger.take_over(clock())
    os.write(at_work, b"!")
    while True:
        if lead.holds() or lead.acquire():
            ledger.plan_all(dict.fromkeys(MONITORS, plan(begun, clock())), clock())
        if not work(ledger, rng):
            time.sleep(0.005)


@dataclass
class Daemon:
    """A daemon that is to die: a while after it has told that it is at work."""

    pid: int
    at_work: int
    dies: float = float("inf")

    def kill(self) -> bool:
        """Whether it lived until now."""
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.at_work)
        return os.WIFSIGNALED(status)


def spawn(url: str, state: Path, begun: datetime, seed: int) -> Daemon:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            daemon(url, state, begun, random.Random(seed), writing)
        except StoreError as error:
            print(error, file=sys.stderr, flush=True)
        finally:
            os._exit(1)
    os.close(writing)
    return Daemon(child, reading)


def main(url: str, state: Path, seconds: float, seed: int) -> None:
    rng, begun, until = random.Random(seed), clock(), time.monotonic() + seconds
    daemons = [spawn(url, state, begun, rng.randrange(1 << 30)) for _ in range(2)]
    kills, ended = 0, 0
    while (now := time.monotonic()) < until:
        waiting = [each for each in daemons if each.dies == float("inf")]
        ready, _, _ = select.select([each.at_work for each in waiting], [], [], 0.005)
        for each in waiting:
            if each.at_work in ready:
                each.dies = now + rng.uniform(0.0, 0.4)
        for place, each in enumerate(daemons):
            if each.dies <= now or rng.random() < 0.002:  # now and then while it starts or waits
                kills, ended = kills + 1, ended + int(not each.kill())
                daemons[place] = spawn(url, state, begun, rng.randrange(1 << 30))
    ended += sum(not each.kill() for each in daemons)
    print(json.dumps({"kills": kills, "ended": ended, "begun": begun.isoformat()}))
