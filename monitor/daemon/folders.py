"""Report folders: they appear whole or not at all, and outlive a power cut."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from monitor.window import Window

UNFINISHED = ".unfinished-"


def folder_name(window: Window, revision: int) -> str:
    """The name of a report's folder below its monitor's."""
    return f"{window.start:%Y%m%dT%H%M%SZ}_{window.end:%Y%m%dT%H%M%SZ}_r{revision}"


def put(files: Mapping[str, str], folder: Path, run_id: str) -> None:
    """Write a folder under another name, see it on the disk, and rename it; what stood there before, left by an attempt
    that was cut off, makes way."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.parent / f"{UNFINISHED}{run_id}"
    try:
        made.mkdir()
        for name, text in files.items():
            with (made / name).open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        _sync(made)
        if folder.exists():
            os.rename(folder, folder.parent / f"{UNFINISHED}{run_id}-before")
        os.rename(made, folder)
        _sync(folder.parent)
    except BaseException:  # also a text that cannot be encoded, or no memory
        shutil.rmtree(made, ignore_errors=True)
        raise
    shutil.rmtree(folder.parent / f"{UNFINISHED}{run_id}-before", ignore_errors=True)


def clear(reports: Path, run_id: str) -> None:
    """Remove what an attempt at a window of this monitor has left; it is over."""
    for left in reports.glob(f"{UNFINISHED}{run_id}*"):
        shutil.rmtree(left, ignore_errors=True)


def sweep(reports: Path) -> int:
    """Remove what attempts that were cut off have left; how many. Only while no worker is at work."""
    left = list(reports.glob(f"*/{UNFINISHED}*")) if reports.is_dir() else []
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # a file system that cannot
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
