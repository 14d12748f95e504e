"""Small disks that can be full or read-only."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


@contextmanager
def small_disk(place: Path, megabytes: int = 8) -> Iterator[Path]:
    """A file system of its own at `place`; the test is skipped where nothing may be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    if not _mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(place)):
        pytest.skip("mounting a tmpfs is not permitted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def read_only(place: Path) -> None:
    """Nothing can be written there from now on."""
    assert _mount("-o", "remount,ro", str(place))


def fill(place: Path) -> Path:
    """Write a file that leaves no byte to spare; deleting it gives the space back."""
    path = place / "ballast"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0")
    return path
