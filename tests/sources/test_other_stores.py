"""Google's and Azure's stores are read by the same code: a store in memory stands in for them."""

from importlib import import_module

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from monitor.errors import SourceError
from monitor.place import PROTOCOLS, Url
from monitor.sources import files, remote, texts
from monitor.sources.listing import listed, oldest


class InMemory(MemoryFileSystem):
    """Objects of this process."""

    def _open(self, path, mode="rb", **given):
        file = super()._open(path, mode, **given)
        file.details = self.info(path)
        return file

    store: dict = {}  # noqa: RUF012  its own, as fsspec's is
    pseudo_dirs = [""]  # noqa: RUF012


registry = import_module("fsspec.registry")  # the module; `fsspec.registry` is what it shows of itself


@pytest.fixture
def objects(monkeypatch):
    """What to put objects into, by bucket and key."""
    for protocol in PROTOCOLS:
        monkeypatch.setitem(registry._registry, protocol, InMemory)
    remote.forget()
    yield InMemory()
    InMemory.store.clear()
    InMemory.pseudo_dirs[:] = [""]
    remote.forget()


@pytest.mark.parametrize(
    "root", ["gs://bucket", "gcs://bucket", "az://bucket", "abfs://bucket", "abfss://bucket@me.dfs.core.windows.net"]
)
def test_every_protocol_is_listed_and_read_under_its_own_name(objects, root):
    for key in ("c/2026/01/05/09/f.jsonl", "c/2026/01/05/10/f.jsonl", "c/_x", "c/plain/f"):
        objects.pipe_file(f"/bucket/{key}", key.encode())
    (first,) = (file for file in oldest(f"{root}/c") if file.hour)
    assert first.path == f"{root}/c/2026/01/05/09/f.jsonl"
    assert [file.path for file in listed(f"{root}/c", until=first.hour.start)] == [first.path, f"{root}/c/plain/f"]
    assert [block.data for block in files.blocks(first)] == [b"c/2026/01/05/09/f.jsonl"]
    assert [file.size for file in listed(first.place)] == [23]
    assert first.stamp.isdigit()


def test_an_object_that_changes_while_it_is_read_ends_the_reading(objects, monkeypatch):
    monkeypatch.setattr(remote, "SMALL_BYTES", 10)
    monkeypatch.setattr(files, "BLOCK_BYTES", 10)
    objects.pipe_file("/bucket/f", b"old\n" * 20)
    (one,) = listed("gs://bucket/f")
    assert b"".join(block.data for block in files.blocks(one)) == b"old\n" * 20
    reading = files.blocks(one)
    next(reading)
    objects.pipe_file("/bucket/f", b"new\n" * 20)
    with pytest.raises(SourceError, match=r"^gs://bucket/f: has changed while it was read$"):
        list(reading)


def test_small_texts_are_written_and_read(objects):
    folder = Url("gs://bucket/base")
    assert (texts.exists(folder), texts.folders(folder)) == (False, ())
    texts.write(folder / "v1" / "a", "é")
    texts.write(folder / "current", "v1")
    assert texts.read(folder / "v1" / "a") == "é"
    assert texts.is_file(folder / "current")
    assert (texts.exists(folder), texts.is_file(folder), texts.folders(folder)) == (True, False, ("v1",))
    assert not texts.is_file(folder / "gone")
    with pytest.raises(FileNotFoundError):
        texts.read(folder / "gone")
