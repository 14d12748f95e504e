"""Many at once, each with its own connection: no window is claimed twice, none is left behind."""

import threading
from collections import Counter

from ledgers import LEASE, after, done, plan, window

from monitor.store.claiming import run_id
from monitor.store.database import Database
from monitor.store.ledger import Ledger

MONITORS = [f"m{number}" for number in range(10)]


def test_eight_at_once_claim_each_window_once_and_in_order(database: Database) -> None:
    first = Ledger(database, "first")
    first.plan_all(dict.fromkeys(MONITORS, plan(0, 8)), after(8))
    order: dict[str, list[object]] = {name: [] for name in MONITORS}
    failures: list[BaseException] = []

    def work(number: int) -> None:
        ledger = Ledger(database, f"owner-{number}")
        try:
            while sum(ledger.pending().values()):
                claim = ledger.claim(MONITORS, LEASE, after(8))
                if claim is not None:
                    order[claim.monitor].append(claim.window)  # one at a time has it: no lock is needed
                    assert ledger.finish(claim, done(), after(8))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert order == {name: [window(number) for number in range(8)] for name in MONITORS}
    with database.read() as connection:
        runs = connection.exec_driver_sql("SELECT monitor, start_at FROM run").all()
    assert set(Counter(tuple(run) for run in runs).values()) == {1}
    assert len(runs) == 80


def test_an_attempt_has_a_name_of_its_own() -> None:
    names = {run_id(monitor, window(number), attempt) for monitor in "ab" for number in (0, 1) for attempt in (1, 2)}
    assert len(names) == 8
    assert run_id("a", window(0), 1) in names
