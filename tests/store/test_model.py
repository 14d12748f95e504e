"""Whatever happens in whatever order, the ledger does what a simple model of it does."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import ledgers
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledgers import LEASE, MINUTE, ZERO, done, plan, window

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Claim, Retries

MEMORY = Path("/dev/shm")
MONITORS = ("a", "b")
OWNERS = ("one", "two")
names, owners, numbers = st.sampled_from(MONITORS), st.sampled_from(OWNERS), st.integers(0, 5)


@dataclass
class Modelled:
    """A window as the model has it."""

    state: str = "pending"
    revision: int = 0
    attempt: int = 0
    failures: int = 0
    again: bool = False
    owner: str = ""
    lease_until: datetime = ZERO
    not_before: datetime = ZERO


@dataclass
class Model:
    windows: dict[str, dict[int, Modelled]] = field(default_factory=lambda: {name: {} for name in MONITORS})
    turn: dict[str, datetime] = field(default_factory=lambda: dict.fromkeys(MONITORS, ZERO))

    def expire(self, now: datetime) -> None:
        for each in self.running():
            if each.lease_until <= now:
                each.state, each.again = "pending", False

    def running(self) -> list[Modelled]:
        return [each for of in self.windows.values() for each in of.values() if each.state == "running"]

    def next(self, now: datetime) -> tuple[str, int] | None:
        """The head of each monitor that has none running, the longest waiting first."""
        ready = []
        for name, of in self.windows.items():
            pending = [number for number in sorted(of) if of[number].state == "pending"]
            if pending and not any(each.state == "running" for each in of.values()):
                head = of[pending[0]]
                since = max(window(pending[0]).end, head.not_before, self.turn[name])
                if since <= now:
                    ready.append((since, name, pending[0]))
        return min(ready)[1:] if ready else None


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)  # quick: nothing is synced there
        self.database = Database.open("sqlite", Path(self.folder.name) / "state")
        self.database.upgrade()
        self.ledgers = {name: Ledger(self.database, name, Retries(most=2)) for name in OWNERS}
        self.model = Model()
        self.now = ledgers.after(6)
        self.claims: list[tuple[str, int, Claim]] = []
        self.finished: set[tuple[str, int, int]] = set()

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(monitor=names, first=numbers, count=st.integers(0, 3))
    def plans(self, monitor: str, first: int, count: int) -> None:
        of = self.model.windows[monitor]
        new = [number for number in range(first, first + count) if number not in of]
        assert self.ledgers["one"].plan(monitor, plan(first, first + count), self.now) == len(new)
        of.update({number: Modelled() for number in new})

    @rule(minutes=st.sampled_from([0, 1, 6]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE + ledgers.SECOND

    @rule(owner=owners)
    def claims_next(self, owner: str) -> None:
        self.model.expire(self.now)
        expected = self.model.next(self.now)
        claim = self.ledgers[owner].claim(MONITORS, LEASE, self.now)
        assert (claim is None) == (expected is None)
        if claim is None or expected is None:
            return
        name, number = expected
        each = self.model.windows[name][number]
        each.state, each.owner, each.lease_until = "running", owner, self.now + LEASE
        each.attempt, each.again, each.not_before = each.attempt + 1, False, ZERO
        assert (claim.monitor, claim.window) == (name, window(number))
        assert (claim.revision, claim.attempt, claim.failures) == (each.revision + 1, each.attempt, each.failures)
        self.claims.append((owner, number, claim))

    def holds(self, owner: str, number: int, claim: Claim) -> Modelled | None:
        each = self.model.windows[claim.monitor][number]
        mine = each.state == "running" and each.owner == owner and each.attempt == claim.attempt
        return each if mine else None

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def finishes(self, data: st.DataObject) -> None:
        owner, number, claim = data.draw(st.sampled_from(self.claims))
        each = self.holds(owner, number, claim)
        assert (self.ledgers[owner].finish(claim, done(), self.now) is None) == (each is None)
        if each is not None:
            each.state, each.again = ("pending", False) if each.again else ("done", False)
            each.revision, each.failures = claim.revision, 0
            self.model.turn[claim.monitor] = self.now
            self.finished.add((claim.monitor, number, claim.revision))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def fails(self, data: st.DataObject) -> None:
        owner, number, claim = data.draw(st.sampled_from(self.claims))
        each = self.holds(owner, number, claim)
        answer = self.ledgers[owner].fail(claim, "crash", "", self.now)
        if each is None:
            assert answer == ""
            return
        each.failures = 0 if each.again else each.failures + 1
        each.state, each.again = "dead" if each.failures == 2 else "pending", False
        each.not_before = self.now + MINUTE
        self.model.turn[claim.monitor] = self.now
        assert answer == each.state

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def hands_back(self, data: st.DataObject) -> None:
        owner, number, claim = data.draw(st.sampled_from(self.claims))
        self.ledgers[owner].release(claim, self.now)
        if (each := self.holds(owner, number, claim)) is not None:
            each.state, each.again = "pending", False

    @rule(owner=owners)
    def renews(self, owner: str) -> None:
        mine = [each for each in self.model.running() if each.owner == owner]
        assert self.ledgers[owner].renew(LEASE, self.now) == len(mine)
        for each in mine:
            each.lease_until = self.now + LEASE

    @rule(owner=owners)
    def takes_over(self, owner: str) -> None:
        theirs = [each for each in self.model.running() if each.owner != owner]
        assert self.ledgers[owner].take_over(self.now) == len(theirs)
        for each in theirs:
            each.state, each.again = "pending", False

    @rule(monitor=names, number=numbers, replay=st.booleans())
    def reopens(self, monitor: str, number: int, replay: bool) -> None:
        of = self.model.windows[monitor]
        chosen = [number, *(n for n in of if replay and n > number and of[n].state == "done")]
        expected = 0
        for n in chosen:
            each = of.setdefault(n, Modelled(state="new"))
            if each.state == "running" and not each.again:
                each.again = True
            elif each.state in ("new", "done", "dead"):
                each.state, each.failures, each.not_before = "pending", 0, ZERO
            else:
                continue
            expected += 1
        assert self.ledgers["one"].reopen(monitor, [window(number)], "backfill", self.now, replay=replay) == expected

    @invariant()
    def the_ledger_is_as_the_model(self) -> None:
        with self.database.read() as connection:
            for name, of in self.model.windows.items():
                rows = {row.window: row for row in queries.windows(connection, name)}
                assert {at: (row.state, row.revision, row.attempt, row.failures) for at, row in rows.items()} == {
                    window(n): (each.state, each.revision, each.attempt, each.failures) for n, each in of.items()
                }
            written = connection.exec_driver_sql("SELECT monitor, start_at, revision FROM result").all()
            told = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar()
        assert len(written) == len(self.finished) == told

    @invariant()
    def never_two_of_a_monitor_at_once(self) -> None:
        for of in self.model.windows.values():
            assert sum(each.state == "running" for each in of.values()) <= 1


Machine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
test_the_ledger_does_what_the_model_does = Machine.TestCase
