"""Manifests: JSON lists of a prefix and names below it, as SageMaker's batch transform captures them."""

import json
import re
from pathlib import Path

from monitor.place import Url
from monitor.sources.listing import Listed, one

HEAD = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"prefix"\s*:\s*"[^"]*"\s*\}\s*[,\]]')


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a manifest."""
    return HEAD.match(head) is not None


def files(path: Path | Listed, data: bytes) -> list[tuple[str, Path | Listed | None]] | None:
    """Each name in the manifest at `path`, and where that file lies here, if it does; None where it cannot be read.

    A prefix may be a folder, the key of one file, or a place in an object store. The file is looked for below the
    manifest's own folder, by the longest end of its key that is there; a manifest in a store may also name any file of
    its own bucket.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    prefix = document[0]["prefix"]
    names = [name if isinstance(name, str) else json.dumps(name) for name in document[1:]] or [""]
    place = path.place if isinstance(path, Listed) else path
    return [(f"{prefix}{name}", _found(f"{prefix}{name}", place)) for name in names]


def _found(whole: str, manifest: Path | Url) -> Path | Listed | None:
    return _here(whole, manifest) if isinstance(manifest, Path) else _there(whole, manifest)


def _there(whole: str, manifest: Url) -> Listed | None:
    """The object of this URL in the manifest's bucket, else the one below the manifest's folder."""
    if whole.startswith(f"{manifest.root}/"):
        return one(Url(whole)) if whole != manifest.text else None
    parts = [part for part in whole.partition("://")[2].split("/") or whole.split("/") if part not in ("", ".", "..")]
    places = (manifest.parent / "/".join(parts[start:]) for start in range(len(parts)))
    return next((file for at in places if at != manifest and (file := one(at)) is not None), None)


def _here(whole: str, manifest: Path) -> Path | None:
    """The file below the manifest's folder, and nowhere else: a manifest is no more to be trusted than a capture."""
    place = whole.partition("://")[2] if "://" in whole else whole
    parts = [part for part in place.split("/") if part not in ("", ".", "..")]
    folder = manifest.parent.resolve()
    for start in range(len(parts)):
        found = manifest.parent.joinpath(*parts[start:])
        try:
            if found.is_file() and found != manifest and found.resolve().is_relative_to(folder):
                return found
        except (OSError, ValueError):  # a name that no file can have
            continue
    return None
