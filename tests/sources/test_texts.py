"""Small local files: written at once, read whole."""

import pytest

from monitor.sources import texts


def test_a_file_is_put_in_place_of_the_one_that_is_there(tmp_path):
    for text in ("first\n", "é"):
        texts.write(tmp_path / "f", text)
        assert texts.read(tmp_path / "f") == text
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_what_is_there_is_told_from_what_is_not(tmp_path):
    (tmp_path / "a").mkdir()
    texts.write(tmp_path / "f", "")
    assert texts.folders(tmp_path) == ("a",)
    assert texts.folders(tmp_path / "gone") == ()
    assert (texts.is_file(tmp_path / "f"), texts.is_file(tmp_path / "a"), texts.is_file(tmp_path / "gone")) == (
        True,
        False,
        False,
    )
    assert (texts.exists(tmp_path / "a"), texts.exists(tmp_path / "gone")) == (True, False)
    with pytest.raises(FileNotFoundError):
        texts.read(tmp_path / "gone")
