"""What the policy keeps is the same on the other side of the pipe."""

from datetime import UTC, datetime

from daemon.parts import window

from monitor.daemon.bundle import packed, unpacked
from monitor.store.words import EvidenceRow

ROWS = [
    EvidenceRow(window=window(0), look=b"\x00\xff look", memory=b"", learned=b"learned", layout="cells", said={"a": 1}),
    EvidenceRow(window=window(1), memory=b"m" * 1000, since=datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC)),
    EvidenceRow(window=window(2), look="é".encode(), said={}),
]


def test_rows_are_the_same_on_the_other_side() -> None:
    assert unpacked(packed(ROWS)) == ROWS
    assert unpacked(packed([])) == []
    assert packed([]) == b""


def test_bytes_travel_as_they_are() -> None:
    assert b"\x00\xff look" in packed(ROWS)
    assert len(packed(ROWS)) < 1800
