"""Stores that hold what a policy keeps of windows, for tests of commands that replay them."""

from collections.abc import Sequence

from daemons import Farm

from monitor import configured
from monitor.baselines import load as baseline_of
from monitor.config.load import load
from monitor.policy.layout import Layout
from monitor.policy.look import Look
from monitor.store import evidence
from monitor.store.database import Database
from monitor.store.words import EvidenceRow


def layout(farm: Farm, name: str = "m") -> Layout:
    """What the looks of a farm's monitor count."""
    monitor = load(farm.config).monitors[name]
    return configured.layout(monitor, baseline_of(monitor.baseline))


def keep(farm: Farm, looks: Sequence[Look], name: str = "m", digest: str | None = None) -> None:
    """Put looks into the store, as if a daemon had judged their windows."""
    database = Database.open("sqlite", farm.state)
    database.upgrade()
    cells = digest or layout(farm, name).digest
    with database.write() as connection:
        for look in looks:
            row = EvidenceRow(window=look.window, look=look.packed(), layout=cells)
            evidence.written(connection, name, 1, [row])
    database.close()
