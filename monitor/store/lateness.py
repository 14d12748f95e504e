"""Records that came after their window was closed: seen in an object now, less what was judged and counted before."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from monitor.store import planning, upserts
from monitor.store.tables import INPUT, WINDOW
from monitor.store.words import Claim, Input, Stretch
from monitor.window import Window


def counted(
    connection: Connection,
    claim: Claim,
    elsewhere: Mapping[str, Mapping[Stretch, int]],
    objects: Mapping[str, Any],
) -> dict[Window, int]:
    """Late records by window, new ones only; they are written down, so that the next reader counts them not again."""
    late: dict[Window, int] = {}
    for window, rows in _by_window(elsewhere):
        if window == claim.window:
            continue
        found = connection.execute(select(WINDOW.c.revision).where(planning.at(claim.monitor, window))).scalar()
        if not found:  # not in the ledger, or never judged
            continue
        count = _new(connection, claim.monitor, window, found, rows, objects)
        if count:
            late[window] = count
            change = update(WINDOW).where(planning.at(claim.monitor, window))
            connection.execute(change.values(late=WINDOW.c.late + count))
    return late


def _by_window(elsewhere: Mapping[str, Mapping[Stretch, int]]) -> Iterator[tuple[Window, dict[str, int]]]:
    turned: dict[Stretch, dict[str, int]] = {}
    for path, stretches in elsewhere.items():
        for stretch, rows in stretches.items():
            if rows > 0:
                turned.setdefault(stretch, {})[path] = rows
    for (start, end), rows_by_path in sorted(turned.items()):
        yield Window(start=start, end=end), rows_by_path


def _new(
    connection: Connection,
    monitor: str,
    window: Window,
    revision: int,
    rows: Mapping[str, int],
    objects: Mapping[str, Any],
) -> int:
    c = INPUT.c
    judged = {
        row.path: row
        for row in connection.execute(
            select(c.path, c.size, c.stamp, c.rows, c.late).where(
                c.monitor == monitor, c.start_at == window.start, c.end_at == window.end, c.revision == revision
            )
        )
    }
    total, changed = 0, []
    for path, now in rows.items():
        before = judged.get(path)
        new = now - (before.rows + before.late if before else 0)
        if new > 0:
            total += new
            late = new + (before.late if before else 0)
            source = before or objects.get(path) or Input(path=path, size=0, stamp="", rows=0)
            changed.append(
                input_row(
                    monitor, window, revision, path, source.size, source.stamp, before.rows if before else 0, late
                )
            )
    upserts.put(connection, INPUT, changed, ["late"])
    return total


def input_row(
    monitor: str, window: Window, revision: int, path: str, size: int, stamp: str, rows: int, late: int
) -> dict[str, Any]:
    return {
        "monitor": monitor,
        "start_at": window.start,
        "end_at": window.end,
        "revision": revision,
        "path": path,
        "size": size,
        "stamp": stamp,
        "rows": rows,
        "late": late,
    }
