"""Manifests: which files they name, and where those are looked for."""

import json

import pytest

from monitor.sources.manifest import files, recognises

MANIFEST = [{"prefix": "s3://bucket/captures/"}, "2026/a.jsonl", "b.jsonl"]


def found(path, document) -> list[tuple[str, str | None]]:
    path.write_text(json.dumps(document))
    return [(name, str(at.relative_to(path.parent)) if at else None) for name, at in files(path, path.read_bytes())]


@pytest.mark.parametrize("head", [b'[{"prefix": "x"}, "a"]', b'\xef\xbb\xbf [\n{"prefix":"x"}\n]'])
def test_manifests_are_recognised(head):
    assert recognises(head)


@pytest.mark.parametrize("head", [b'[{"prefix": 1}]', b'{"prefix": "x"}', b'[{"prefix": "x", "b": 1}]', b"", b"[1]"])
def test_other_lists_are_none(head):
    assert not recognises(head)


def test_files_are_found_below_the_manifest_by_the_longest_end_of_their_key(tmp_path):
    for name in ("captures/2026/a.jsonl", "a.jsonl", "b.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    told = found(tmp_path / "m", [*MANIFEST, "gone"])
    assert [at for _, at in told] == ["captures/2026/a.jsonl", "b.jsonl", None]
    assert told[2][0] == "s3://bucket/captures/gone"


def test_a_prefix_alone_is_a_file(tmp_path):
    (tmp_path / "f").write_text("x")
    assert found(tmp_path / "m", [{"prefix": "s3://bucket/f"}]) == [("s3://bucket/f", "f")]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "../../secret", "link", "m"])
def test_nothing_outside_and_not_itself_is_found(tmp_path, name):
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    assert [at for _, at in found(folder / "m", [{"prefix": ""}, name])] == [None]


@pytest.mark.parametrize("rest", [b'"a', b"[" * 100_000])
def test_a_torn_manifest_is_none(tmp_path, rest):
    assert files(tmp_path / "m", b'[{"prefix": "x"}, ' + rest) is None


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "/".join("y" * 50)])
def test_names_that_no_file_can_have_are_not_here(tmp_path, name):
    assert [at for _, at in found(tmp_path / "m", [{"prefix": "s3://bucket/"}, name])] == [None]


def test_an_entry_that_is_no_name_is_told(tmp_path):
    assert found(tmp_path / "m", [{"prefix": "p/"}, {"a": 1}]) == [('p/{"a": 1}', None)]
