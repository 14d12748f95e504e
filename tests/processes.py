"""Processes of this machine: who descends from whom, and who is still there."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seen:
    """A process: `began` tells it from another that gets its number later."""

    pid: int
    began: int
    parent: int
    state: str


def seen() -> Iterator[Seen]:
    """Every process there is."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        yield Seen(int(path.parent.name), int(fields[19]), int(fields[1]), fields[0])


def family(pid: int) -> dict[int, int]:
    """A process and all that descend from it, with the time when each began."""
    known = {each.pid: each for each in seen()}
    found = {pid: known[pid].began} if pid in known else {}
    while more := {p: each.began for p, each in known.items() if each.parent in found and p not in found}:
        found |= more
    return found


def left(members: Mapping[int, int]) -> set[int]:
    """Those of a family that still live."""
    return {each.pid for each in seen() if members.get(each.pid) == each.began and each.state not in "ZX"}


def marked(mark: str) -> set[int]:
    """Processes whose environment holds a text."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found


def survivors(members: Mapping[int, int], seconds: float = 2.0) -> set[int]:
    """Those of a family that are still there after a while."""
    until = time.monotonic() + seconds
    while (there := left(members)) and time.monotonic() < until:
        time.sleep(0.01)
    return there


def named(members: Mapping[int, int], text: str) -> list[int]:
    """Those of a family whose command line holds a text, oldest first."""
    found = []
    for pid in members:
        try:
            if text in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(pid)
        except OSError:
            continue
    return sorted(found, key=lambda pid: members[pid])


def has_loaded(pid: int, library: str) -> bool:
    """Whether a process has a library in its memory whose path holds a text."""
    try:
        return library in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False
