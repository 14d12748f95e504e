"""What the policy keeps, on its way to a worker and back: a JSON head, then the bytes as they are."""

import json
from collections.abc import Sequence
from datetime import datetime

from monitor.store.words import EvidenceRow
from monitor.window import Window

PARTS = ("look", "memory", "learned")


def packed(rows: Sequence[EvidenceRow]) -> bytes:
    """Rows as bytes; none for none."""
    if not rows:
        return b""
    head = json.dumps([_head(row) for row in rows], separators=(",", ":"), allow_nan=False).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *(getattr(row, part) for row in rows for part in PARTS)])


def unpacked(data: bytes) -> list[EvidenceRow]:
    """The rows of `packed`."""
    if not data:
        return []
    at = 4 + int.from_bytes(data[:4], "little")
    rows = []
    for start, end, since, layout, said, sizes in json.loads(data[4:at]):
        blobs = {}
        for part, size in zip(PARTS, sizes, strict=True):
            blobs[part] = data[at : at + size]
            at += size
        rows.append(
            EvidenceRow(
                window=Window(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end)),
                since=None if since is None else datetime.fromisoformat(since),
                layout=layout,
                said=said,
                **blobs,
            )
        )
    return rows


def beside(document: bytes, rows: Sequence[EvidenceRow]) -> bytes:
    """A document, and rows behind it."""
    return len(document).to_bytes(8, "little") + document + packed(rows)


def parted(data: bytes) -> tuple[bytes, list[EvidenceRow]]:
    """The document and the rows of `beside`."""
    at = 8 + int.from_bytes(data[:8], "little")
    return data[8:at], unpacked(data[at:])


def _head(row: EvidenceRow) -> list[object]:
    since = None if row.since is None else row.since.isoformat()
    sizes = [len(getattr(row, part)) for part in PARTS]
    return [row.window.start.isoformat(), row.window.end.isoformat(), since, row.layout, row.said, sizes]
