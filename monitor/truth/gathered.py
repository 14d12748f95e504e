"""Labels gathered here and now: all deliveries of some places, for one judgement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import InputError
from monitor.place import Place
from monitor.sources.files import found
from monitor.sources.listing import Listed, own_time
from monitor.truth.delivery import Delivery, Form
from monitor.truth.shelf import Delivered, Shelf, shelved

MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A shelf with all labels there are, and what is to be said of the lines that hold none."""

    shelf: Shelf
    notes: tuple[str, ...] = ()


def gathered(places: Sequence[str | Place | Listed], form: Form, folder: Path) -> Gathered:
    """Read all deliveries of these places, in order of their times, onto a shelf in the folder."""
    delivered: list[Delivered] = []
    seen: set[str] = set()
    rejected: Counter[str] = Counter()
    notes: list[str] = []
    for own, file in sorted(((_own(file), file) for file in found(places)), key=lambda one: (one[0], str(one[1]))):
        delivery = Delivery(file, form)
        segments = shelved(delivery, folder, "gathered")
        rejected.update(delivery.rejected)
        notes += [_told(sample.path, sample.line, sample.reason, sample.why) for sample in delivery.samples]
        if delivery.digest not in seen:  # the same bytes again say nothing new
            seen.add(delivery.digest)
            delivered.append(Delivered(segments=segments, seconds=int(own.timestamp())))
    counts = [f"truth: {count} records hold no label ({reason})" for reason, count in sorted(rejected.items())]
    return Gathered(shelf=Shelf(folder, delivered), notes=(*counts, *notes[:MOST_TOLD]))


def _own(file: Path | Listed) -> datetime:
    try:
        return file.own if isinstance(file, Listed) else own_time(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None


def _told(path: str, line: int, reason: str, why: str) -> str:
    where = f"{path}:{line}" if line else path
    return f"truth: {where}: {reason}{f': {why}' if why else ''}"
