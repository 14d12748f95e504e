"""Manifests: JSON lists of a prefix and names below it, as SageMaker's batch transform captures them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

HEAD = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"prefix"\s*:\s*"[^"]*"\s*\}\s*[,\]]')


def recognises(head: bytes) -> bool:
    return HEAD.match(head) is not None


def files(path: Path, data: bytes) -> Iterator[tuple[str, Path | None]]:
    """Each name in the manifest at `path`, and where that file lies here, if it does.

    A prefix may be a folder, the key of one file, or a place in an object store. The file is looked for below the
    manifest's own folder, by the longest end of its key that is there.
    """
    try:
        document = json.loads(data)
    except ValueError:
        return
    prefix = document[0]["prefix"]
    names = [name for name in document[1:] if isinstance(name, str)] or [""]
    for name in names:
        whole = f"{prefix}{name}"
        yield whole, _here(whole, path)


def _here(whole: str, manifest: Path) -> Path | None:
    """The file below the manifest's folder, and nowhere else: a manifest is no more to be trusted than a capture."""
    place = whole.partition("://")[2] if "://" in whole else whole
    parts = [part for part in place.split("/") if part not in ("", ".", "..")]
    for start in range(len(parts)):
        found = manifest.parent.joinpath(*parts[start:])
        if found.is_file() and found != manifest and found.resolve().is_relative_to(manifest.parent.resolve()):
            return found
    return None
