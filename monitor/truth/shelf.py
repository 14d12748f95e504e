"""The shelf: labels that were delivered, in segments that never change, named by what was read."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from monitor.truth import files
from monitor.truth.delivery import Delivery
from monitor.truth.join import Known, last_wins
from monitor.truth.labels import Labels

SUFFIX = ".labels"
SEGMENT_LABELS = 1 << 18
GROUP_LABELS = 1 << 18
"""Labels that are sorted and looked through at a time."""
HELD_LABELS = 1 << 20
"""Labels that are held in memory, some 80 bytes each; of more each group is read again for every look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A file that was read: its segments by name, and when it was delivered, in UTC seconds."""

    segments: tuple[str, ...]
    seconds: int


class Shelf:
    """The labels of these deliveries, of which later ones count where times are the same; looked through in groups
    that fit into memory."""

    def __init__(self, folder: Path, delivered: Sequence[Delivered]) -> None:
        self._folder, self._delivered = folder, delivered
        self._held: list[Known] = []
        self._has_all = False

    def groups(self) -> Iterator[Known]:
        """All labels; those of a shelf that fits into memory are read once."""
        if self._has_all:
            yield from self._held
            return
        held: list[Known] = []
        total = 0
        for known in self._read():
            total += len(known)
            held = [*held, known] if total <= HELD_LABELS else []
            yield known
        self._held, self._has_all = held, total <= HELD_LABELS

    def _read(self) -> Iterator[Known]:
        held: list[Labels] = []
        for delivered in self._delivered:
            for name in delivered.segments:
                labels = labels_of(self._folder / name).as_of(delivered.seconds)
                if held and sum(map(len, held)) + len(labels) > GROUP_LABELS:
                    yield last_wins(Labels.of(held))
                    held = []
                held.append(labels)
        if held:
            yield last_wins(Labels.of(held))


def shelved(delivery: Delivery, folder: Path, run_id: str) -> tuple[str, ...]:
    """Put the labels of a delivery on the shelf; the names of its segments. The same bytes, read alike, have the same
    names, so putting them there again changes nothing."""
    made: list[Path] = []
    held: list[Labels] = []
    for labels in delivery:
        held.append(labels)
        if sum(map(len, held)) >= SEGMENT_LABELS:
            made.append(_put(Labels.of(held), folder, run_id, len(made)))
            held = []
    if held:
        made.append(_put(Labels.of(held), folder, run_id, len(made)))
    names = tuple(f"{_digest(delivery)}-{number}{SUFFIX}" for number in range(len(made)))
    for path, name in zip(made, names, strict=True):
        path.replace(folder / name)
    return names


def _put(labels: Labels, folder: Path, run_id: str, number: int) -> Path:
    """A segment under a name that a sweep takes away: its own is known when all of the delivery is read."""
    path = folder / f"{files.UNFINISHED}{run_id}-{number}"
    columns = {"key": labels.key, "place": labels.place, "label": labels.label, "when": labels.when}
    batch = pa.RecordBatch.from_pydict(columns)
    with files.written(path, run_id) as file, pa.ipc.new_stream(file, batch.schema, options=files.COMPRESSED) as stream:
        stream.write_batch(batch)
    return path


def labels_of(path: Path) -> Labels:
    """The labels of a segment. Raises SourceError where it is gone."""
    parts = [
        Labels(
            key=batch["key"],
            place=batch["place"].to_numpy(zero_copy_only=False),
            label=batch["label"],
            when=batch["when"].to_numpy(zero_copy_only=False),
        )
        for batch in files.read(path)
    ]
    return Labels.of(parts)


def _digest(delivery: Delivery) -> str:
    return hashlib.sha256(f"{delivery.digest} {delivery.form.digest}".encode()).hexdigest()[:32]
