"""Labels received, by a worker: files that are new go onto the shelf, and whose labels they hold is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor import configured
from monitor.config.grammar import Monitor
from monitor.daemon.folders import folder_name
from monitor.daemon.looking import monitor_of
from monitor.daemon.task import Answer, Task, Worked
from monitor.sources.listing import Listed, listed
from monitor.store.words import Awaited, LabelFile, Received
from monitor.truth import files
from monitor.truth.delivery import Delivery
from monitor.truth.join import hashed
from monitor.truth.predictions import are_awaited
from monitor.truth.shelf import SUFFIX, labels_of, shelved
from monitor.window import Window

SHELF, PREDICTIONS, FOUND = "labels", "predictions", ".found"
MOST_FILES = 500
"""Files read in one go: what is beyond is read by the next look."""


def predictions_path(truth: str, window: Window) -> Path:
    """Where a window's predictions are kept."""
    return Path(truth) / PREDICTIONS / f"{folder_name(window, 0).rpartition('_')[0]}.arrow"


def received(task: Task) -> Worked:
    """What has come since the last look, and for which of the windows that wait."""
    monitor, shelf = monitor_of(task), Path(task.truth) / SHELF
    _sweep(task, shelf)
    known = {file.path: file for file in task.labels}
    new = tuple(_read(monitor, shelf, known, task))
    gone = [known[file.path] for file in new if file.path in known]
    touched, found = _looked_through(task, shelf, new, gone)
    answer = Received(
        files=new,
        looked_to=max((file.place for file in task.labels), default=0),
        looked_through=task.awaited or (),
        touched=tuple(sorted(touched, key=lambda window: window.end)),
        found=found,
    )
    return Worked(answer=Answer(received=answer))


def _sweep(task: Task, shelf: Path) -> None:
    """Remove what nobody asks for any more: segments of files that have changed or expired, predictions that wait no
    longer."""
    files.sweep(shelf)
    named = {name for file in task.labels for name in file.segments}
    waiting = {predictions_path(task.truth, one.window).stem for one in task.awaited or ()}
    for path in shelf.glob("*") if shelf.is_dir() else ():
        if path.with_suffix(SUFFIX).name not in named:
            path.unlink(missing_ok=True)
    since = f"{task.labels_since:%Y%m%dT%H%M%SZ}" if task.labels_since is not None else ""
    for path in (Path(task.truth) / PREDICTIONS).glob("[!.]*"):
        if path.stem < since and path.stem not in waiting:
            path.unlink(missing_ok=True)


def _read(monitor: Monitor, shelf: Path, known: Mapping[str, LabelFile], task: Task) -> Iterator[LabelFile]:
    """The files that are new or have changed, each on the shelf; the same bytes again bring no labels."""
    assert monitor.truth is not None
    digests = {file.digest: file for file in known.values() if not file.is_expired}
    form, count = configured.label_form(monitor), 0
    for file in sorted(listed(monitor.truth.path, task.labels_since), key=lambda one: (one.own, one.path)):
        stamp = f"{file.stamp} {form.digest}"
        if _is_known(file, stamp, known.get(file.path), shelf) or count >= MOST_FILES:
            continue
        count += 1
        delivery = Delivery(file, form)
        segments = shelved(delivery, shelf, task.run_id)
        is_again = delivery.digest in digests and digests[delivery.digest].path != file.path
        found = LabelFile(
            path=file.path,
            size=file.size,
            stamp=stamp,
            own=min(file.own, digests[delivery.digest].own) if is_again else file.own,
            digest=delivery.digest,
            segments=segments,
            labels=0 if is_again else delivery.labels,
            rejected=delivery.rejected,
        )
        digests.setdefault(found.digest, found)
        yield found


def _is_known(file: Listed, stamp: str, known: LabelFile | None, shelf: Path) -> bool:
    if known is None or (known.size, known.stamp) != (file.size, stamp):
        return False
    return known.is_expired or all((shelf / name).exists() for name in known.segments)


def _looked_through(
    task: Task, shelf: Path, new: Sequence[LabelFile], gone: Iterable[LabelFile]
) -> tuple[set[Window], dict[str, int]]:
    """The windows that have labels in files they were not looked through for, or had some in those that are gone; and
    how many labels of each of these files have found a prediction, now or before."""
    touched: set[Window] = set()
    counts: dict[str, int] = {}
    replaced = {file.path for file in new}
    kept = [file for file in task.labels if file.path not in replaced and not file.is_expired]
    after = 1 + max((file.place for file in task.labels), default=0)
    for file in (*kept, *(replace(one, place=after) for one in new)):
        waiting = [one for one in task.awaited or () if min(one.seen_to, one.counted_to) < file.place]
        if waiting and file.labels:
            found = [_owners(task, shelf / name, waiting) for name in file.segments]
            counts[file.path] = sum(count for _, count in found)
            touched |= {one.window for owners, _ in found for one in owners if one.seen_to < file.place}
    for name in (name for file in gone for name in file.segments if (shelf / name).exists()):
        touched |= {one.window for one in _owners(task, shelf / name, task.awaited or ())[0]}
    return touched, counts


def _owners(task: Task, segment: Path, waiting: Sequence[Awaited]) -> tuple[list[Awaited], int]:
    """The windows that labels of a segment are of, and how many labels of it have found a prediction so far."""
    labels = labels_of(segment)
    hashes, path = hashed(labels.key, labels.place), segment.with_suffix(FOUND)
    has, owners = _bits(path, len(hashes)), []
    for one in waiting:
        here = are_awaited(predictions_path(task.truth, one.window), hashes)
        if here.any():
            has |= here
            owners.append(one)
    with files.written(path, task.run_id) as file:
        file.write(np.packbits(has).tobytes())
    return owners, int(has.sum())


def _bits(path: Path, count: int) -> NDArray[np.bool_]:
    """Which labels of a segment are known to have found a prediction."""
    if not path.exists():
        return np.zeros(count, dtype=bool)
    return np.unpackbits(np.fromfile(path, np.uint8), count=count).astype(bool)
