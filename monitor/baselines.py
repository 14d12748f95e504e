"""Baseline folders: `<name>/<version>/` with three JSON files, and `<name>/current` naming the version in use.

Where rows had times there is a fourth one, `history.json`, which few ask for, and `sample.json` holds some rows where
that was asked for.

A folder may lie in an object store.
"""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from monitor.baseline import FORMAT_VERSION, Baseline, Provenance
from monitor.document import from_document, to_document
from monitor.errors import BaselineError, SourceError, UnreachableBaseline
from monitor.history import History
from monitor.place import Place
from monitor.profile import Profile
from monitor.sagemaker import model_quality
from monitor.sagemaker.constraints import read
from monitor.sample import rows_document, rows_of
from monitor.sources import texts

FILES = ("baseline.json", "statistics.json", "constraints.json")
HISTORY = "history.json"
SAMPLE = "sample.json"
HISTORY_VERSION = SAMPLE_VERSION = 1


def digest_of(profile: Profile) -> str:
    """The digest that names a baseline: of its profile, whatever the place and time."""
    return f"sha256:{hashlib.sha256(_dense(to_document(profile)).encode()).hexdigest()}"


def constraints_digest(constraints: Mapping[str, Any]) -> str:
    """The digest of the hand-editable file, shown apart."""
    return f"sha256:{hashlib.sha256(_dense(constraints).encode()).hexdigest()}" if constraints else ""


@contextmanager
def _of_baselines() -> Iterator[None]:
    """What a store says of a baseline is an error of the baseline."""
    try:
        yield
    except SourceError as error:
        raise UnreachableBaseline(str(error)) from None


@_of_baselines()
def add(folder: Place, baseline: Baseline) -> Baseline:
    """Write a new version; the first becomes current. The same profile, history and number of kept rows
    twice are the same version.

    The version's folder appears whole or not at all; in a store, where there are no folders, its first file comes last.
    """
    digest = digest_of(baseline.profile)
    for version in versions(folder):
        have = load(folder, version)
        kept = (have.history_digest, have.sample_rows)
        if have.digest == digest and kept == (baseline.history_digest, baseline.sample_rows):
            return have
    number = 1 + max((int(v.partition("-")[0][1:]) for v in versions(folder)), default=0)
    version = f"v{number}-{digest.removeprefix('sha256:')[:8]}"
    made = _files(baseline, digest)
    if isinstance(folder, Path):
        _make(folder, version, made)
    else:
        for name in reversed(made):
            texts.write(folder / version / name, made[name])
    if not texts.is_file(folder / "current"):
        promote(folder, version)
    return load(folder, version)


def _files(baseline: Baseline, digest: str) -> dict[str, str]:
    document = {
        "format_version": FORMAT_VERSION,
        "digest": digest,
        "history": baseline.history_digest,
        "sample_rows": baseline.sample_rows,
        "provenance": to_document(baseline.provenance),
        "columns": list(baseline.columns),
        "profile": to_document(baseline.profile),
    }
    made = {
        name: {FILES[0]: _dense, FILES[1]: listed}.get(name, pretty)(content)
        for name, content in zip(FILES, (document, baseline.statistics, baseline.constraints), strict=True)
    }
    if baseline.history is not None:
        made[HISTORY] = _dense(_history_document(baseline.history))
    rows = sample_of(baseline)
    if rows is not None:
        made[SAMPLE] = listed({"format_version": SAMPLE_VERSION, **rows_document(rows)})
    return made


def _make(folder: Path, version: str, files: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as made:
            for name, text in files.items():
                (Path(made) / name).write_text(text)
            Path(made).chmod(0o755)  # a temporary folder is the owner's alone; a baseline is for all to read
            os.rename(made, folder / version)
            os.mkdir(made)  # for the clean-up
    except OSError as error:
        raise BaselineError(f"{folder}: cannot be written: {error.strerror}; choose a folder that can") from None


@_of_baselines()
def versions(folder: Place) -> tuple[str, ...]:
    """Versions in the order in which they were made."""
    named = (name for name in texts.folders(folder) if name.startswith("v") and "-" in name)
    found = [name for name in named if texts.is_file(folder / name / FILES[0])]
    return tuple(
        sorted(found, key=lambda v: (int(v.partition("-")[0][1:]) if v.partition("-")[0][1:].isdigit() else 0, v))
    )


@_of_baselines()
def promote(folder: Place, version: str) -> str:
    """Make a version the current one; the beginning of its name will do. Returns the whole name."""
    whole = _version(folder, version)
    texts.write(folder / "current", f"{whole}\n")
    return whole


@_of_baselines()
def load(folder: Place, version: str = "", *, with_statistics: bool = True, with_history: bool = False) -> Baseline:
    """A version of a baseline (by default its current one), or the version's own folder.

    Without its `statistics`, which only SageMaker's checks ask for, that takes half the time. Its history comes only
    where it is asked for.

    Raises BaselineError that says what is wrong and what would be right.
    """
    place, name, version = _found(folder, version)
    document = _read(place / FILES[0])
    if document.get("format_version") != FORMAT_VERSION:
        told = document.get("format_version")
        raise BaselineError(f"{place / FILES[0]}: format version {told!r}; this driftd reads {FORMAT_VERSION}")
    try:
        profile = from_document(Profile, document["profile"])
        provenance = from_document(Provenance, document["provenance"])
        columns = tuple(document["columns"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BaselineError(
            f"{place / FILES[0]}: not a baseline that driftd wrote ({error!r}); make it again"
        ) from None
    digest = str(document.get("history") or "")
    return Baseline(
        name=name,
        version=version,
        profile=profile,
        columns=columns,
        statistics=_read(place / FILES[1]) if with_statistics else {},
        constraints=_constraints(place / FILES[2]),
        provenance=provenance,
        digest=document["digest"],
        history=_history(place / HISTORY, digest) if digest and with_history else None,
        history_digest=digest,
        sample_rows=int(document.get("sample_rows") or 0),
        home=place,
    )


def _found(folder: Place, version: str) -> tuple[Place, str, str]:
    """The place of a version, the baseline's name, and the version's whole name."""
    if not texts.exists(folder):
        raise BaselineError(f"{folder}: no baseline is there; make one with `driftd baseline make DATA --out {folder}`")
    if texts.is_file(folder / FILES[0]):
        return folder, folder.parent.name, folder.name
    version = _version(folder, version) if version else current(folder)
    return folder / version, folder.name, version


@_of_baselines()
def sample_of(baseline: Baseline) -> pa.Table | None:
    """The rows that a baseline keeps; None where it keeps none."""
    if baseline.sample is not None or not baseline.sample_rows or baseline.home is None:
        return baseline.sample
    path = baseline.home / SAMPLE
    document = _read(path)
    if document.get("format_version") != SAMPLE_VERSION:
        told = document.get("format_version")
        raise BaselineError(f"{path}: format version {told!r}; this driftd reads {SAMPLE_VERSION}")
    try:
        return rows_of(document)
    except (KeyError, TypeError, ValueError) as error:
        raise BaselineError(f"{path}: not a sample that driftd wrote ({error}); make the baseline again") from None


def _history_document(history: History) -> dict[str, Any]:
    start, end = (at.isoformat().replace("+00:00", "Z") for at in history.span)
    packed = base64.b64encode(history.packed()).decode()
    return {"format_version": HISTORY_VERSION, "start": start, "end": end, "stretches": len(history), "packed": packed}


def _history(path: Place, digest: str) -> History:
    document = _read(path)
    if document.get("format_version") != HISTORY_VERSION:
        told = document.get("format_version")
        raise BaselineError(f"{path}: format version {told!r}; this driftd reads {HISTORY_VERSION}")
    try:
        history = History.unpacked(base64.b64decode(document["packed"], validate=True))
    except (KeyError, TypeError, ValueError) as error:
        raise BaselineError(f"{path}: not a history that driftd wrote ({error}); make the baseline again") from None
    if history.digest != digest:
        raise BaselineError(f"{path}: not the history of this baseline: its digest is another; make the baseline again")
    return history


@_of_baselines()
def current(folder: Place) -> str:
    """The version in use."""
    try:
        return _version(folder, texts.read(folder / "current").strip())
    except FileNotFoundError:
        have = ", ".join(versions(folder))
        cure = (
            f"choose one of {have} with `driftd baseline promote`" if have else "make one with `driftd baseline make`"
        )
        raise BaselineError(f"{folder}: names no current baseline; {cure}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{folder / 'current'}: cannot be read: {error}") from None


def _version(folder: Place, version: str) -> str:
    fitting = [v for v in versions(folder) if v == version or (version and v.startswith(version))]
    if version in fitting:
        return version
    if len(fitting) != 1:
        have = ", ".join(versions(folder)) or "none"
        raise BaselineError(f"{folder}: version {version!r} names {len(fitting)} baselines; there are: {have}")
    return fitting[0]


def _constraints(path: Place) -> dict[str, Any]:
    """The file that people edit: a mistake in it is told here, with its name."""
    document = _read(path)
    try:
        if document:
            read(document)
            for kind in model_quality.SECTIONS:
                model_quality.read(document, kind)
    except BaselineError as error:
        raise BaselineError(f"{path}: {error}") from None
    return document


def _read(path: Place) -> dict[str, Any]:
    try:
        document = json.loads(texts.read(path))
    except FileNotFoundError:
        raise BaselineError(f"{path}: is not there; a baseline holds {', '.join(FILES)}") from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise BaselineError(
            f"{path}:{error.lineno}: not JSON: {error.msg}; restore the file or make it again"
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise BaselineError(f"{path}: not JSON text; restore the file or make it again") from None
    if not isinstance(document, dict):
        raise BaselineError(f"{path}: holds a {type(document).__name__}; a JSON object would be right")
    return document


def listed(document: Mapping[str, Any]) -> str:
    """A JSON file with a line for each item of its lists: quickly written, and still to be searched by lines."""
    lines = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False, allow_nan=False)}" for item in value)
            lines.append(f"  {json.dumps(name, ensure_ascii=False)}: [\n{items}\n  ]")
        else:
            lines.append(
                f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
            )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def pretty(document: Mapping[str, Any]) -> str:
    """A JSON file for people: two spaces, in the order of its keys."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _dense(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)
