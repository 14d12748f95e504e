"""Small files at a place, local or in a store: read whole, written whole."""

from pathlib import Path

from monitor.place import Place


def read(at: Place) -> str:
    """The text of a file. Raises FileNotFoundError, OSError, UnicodeDecodeError; SourceError of a store."""
    if isinstance(at, Path):
        return at.read_text(encoding="utf-8")
    from monitor.sources import remote

    return remote.read(at).decode("utf-8")


def write(at: Place, text: str) -> None:
    """Put a file in place of the one that is there, at once."""
    if isinstance(at, Path):
        temporary = at.with_name(f".{at.name}")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(at)
        return
    from monitor.sources import remote

    remote.write(at, text.encode())


def is_file(at: Place) -> bool:
    """Whether there is a file."""
    if isinstance(at, Path):
        return at.is_file()
    from monitor.sources import remote

    return remote.entry(at) is not None


def folders(at: Place) -> tuple[str, ...]:
    """The names of the folders right in this one; none where there is none."""
    if isinstance(at, Path):
        return tuple(path.name for path in at.glob("*") if path.is_dir())
    from monitor.sources import remote

    try:
        return tuple(entry.name for entry in remote.entries(at.text) if entry.is_folder)
    except FileNotFoundError:
        return ()


def exists(at: Place) -> bool:
    """Whether there is a file, or a folder (in a store: with something in it)."""
    if isinstance(at, Path):
        return at.exists()
    from monitor.sources import remote

    try:
        return bool(remote.begun(at))
    except FileNotFoundError:
        return False
