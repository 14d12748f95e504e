"""Segments of labels, and predictions that wait for them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from truths import line, written

from monitor.batch import NO_ROWS, Batch
from monitor.errors import SourceError
from monitor.problem import Problem
from monitor.profile import Volume
from monitor.truth import files, predictions, shelf
from monitor.truth.delivery import Delivery, Form
from monitor.truth.join import hashed
from monitor.truth.predictions import Predictions, are_awaited, outcomes
from monitor.truth.shelf import Delivered, Shelf, shelved

BINARY = Problem(kind="binary", probability="p", prediction="c", truth="y")


def batch(ids: list[str | None], *, first: int = 0, **more: object) -> Batch:
    rows = pa.RecordBatch.from_pydict({"p": [(first + at) / 100 for at in range(len(ids))], "c": ["1"] * len(ids)})
    return Batch(rows=rows, volume=Volume(), ids=pa.array(ids, pa.string()), **more)  # type: ignore[arg-type]


def kept(path: Path, *batches: Batch, problem: Problem = BINARY, by_role: bool = False) -> Path:
    with Predictions(path, problem, "run", has_ids_by_role=by_role) as taking:
        for one in batches:
            taking.take(one)
    return path


def truths(path: Path, on: Shelf, problem: Problem = BINARY) -> list[str | None]:
    return [label for part, _ in outcomes(path, problem, on) for label in part.truth.to_pylist()]


def shelf_of(folder: Path, *files: Path) -> Shelf:
    found = [
        Delivered(segments=shelved(Delivery(file, Form()), folder, "run"), seconds=n) for n, file in enumerate(files)
    ]
    return Shelf(folder, found)


def test_labels_are_found_in_whatever_segment_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"id-{n}" for n in range(40)]
    first = written(tmp_path / "a.jsonl", [line(one, str(n % 2)) for n, one in enumerate(ids)])
    later = written(tmp_path / "b.jsonl", [line("id-0", "corrected")])
    path = kept(tmp_path / "w.arrow", batch(ids[:25]), batch(ids[25:]))
    whole = truths(path, shelf_of(tmp_path / "shelf", first, later))
    monkeypatch.setattr(shelf, "SEGMENT_LABELS", 7)
    monkeypatch.setattr(shelf, "GROUP_LABELS", 10)
    monkeypatch.setattr(shelf, "HELD_LABELS", 15)
    monkeypatch.setattr(predictions, "RUN_ROWS", 3)
    monkeypatch.setattr(predictions, "AT_ONCE", 9)
    in_parts = kept(tmp_path / "parts.arrow", batch(ids[:25]), batch(ids[25:]))
    assert whole == ["corrected", *(str(n % 2) for n in range(1, 40))]
    assert truths(in_parts, shelf_of(tmp_path / "parts", first, later)) == whole


def test_the_same_bytes_delivered_again_are_the_same_segments(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", [line("a", "1")])
    again = written(tmp_path / "again" / "b.jsonl", [line("a", "1")])
    names = shelved(Delivery(file, Form()), tmp_path / "shelf", "one")
    assert shelved(Delivery(again, Form()), tmp_path / "shelf", "two") == names
    assert shelved(Delivery(again, Form(id="key")), tmp_path / "shelf", "three") != names
    assert len(list((tmp_path / "shelf").iterdir())) == 2


def test_a_label_counts_before_one_that_came_with_the_capture(tmp_path: Path) -> None:
    about = pa.RecordBatch.from_pydict({"y": ["0", "0"], "inference_id": [None, "i"]})
    path = kept(tmp_path / "w.arrow", batch(["a", "b"], about=about))
    file = written(tmp_path / "a.jsonl", [line("i", "1"), line("b", "never: it has an inference id")])
    assert truths(path, shelf_of(tmp_path / "shelf", file)) == ["0", "1"]


def test_an_id_by_its_role_counts_before_the_inference_id(tmp_path: Path) -> None:
    about = pa.RecordBatch.from_pydict({"inference_id": ["i"]})
    path = kept(tmp_path / "w.arrow", batch(["mine"], about=about), by_role=True)
    file = written(tmp_path / "a.jsonl", [line("mine", "1"), line("i", "0")])
    assert truths(path, shelf_of(tmp_path / "shelf", file)) == ["1"]


def test_numbers_are_numbers_and_classes_texts(tmp_path: Path) -> None:
    rows = pa.RecordBatch.from_pydict({"p": ["0.5", "", "x"], "c": [1.0, 2.0, None]})
    one = Batch(rows=rows, volume=Volume())
    empty = Batch(rows=NO_ROWS, volume=Volume())
    ((said, _),) = outcomes(kept(tmp_path / "w.arrow", empty, one), BINARY, Shelf(tmp_path, []))
    assert said.probability is not None
    assert said.probability.to_pylist() == [0.5, None, None]
    assert said.prediction is not None
    assert said.prediction.to_pylist() == ["1", "2", None]
    regression = Problem(kind="regression", prediction="p")
    ((said, _),) = outcomes(kept(tmp_path / "r.arrow", one, problem=regression), regression, Shelf(tmp_path, []))
    assert said.prediction is not None
    assert said.prediction.to_pylist() == [0.5, None, None]
    assert said.probability is None


def test_whose_labels_have_come_is_told_by_hashes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "RUN_ROWS", 2)
    path = kept(tmp_path / "w.arrow", batch(["a", None]), batch(["b", "c", "d"], places=np.array([0, 0, 1])))
    key = pa.array(["z", "a", "d", "d", "c"])
    assert are_awaited(path, hashed(key, np.array([0, 0, 0, 1, 0]))).tolist() == [False, True, False, True, True]
    assert are_awaited(tmp_path / "none.arrow", hashed(key, np.zeros(5, np.int64))).tolist() == [False] * 5


def test_what_is_cut_off_leaves_nothing_and_what_was_there_stays(tmp_path: Path) -> None:
    path = kept(tmp_path / "w.arrow", batch(["a"]))
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        kept(path, batch(["b"]), None)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["w.arrow", "w.hashes"]


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    written(tmp_path / "shelf" / f"{files.UNFINISHED}run-0", ["half"])
    written(tmp_path / "shelf" / "whole.labels", ["whole"])
    assert (files.sweep(tmp_path), files.sweep(tmp_path), files.sweep(tmp_path / "none")) == (1, 0, 0)
    assert [one.name for one in (tmp_path / "shelf").iterdir()] == ["whole.labels"]


def test_a_segment_that_is_gone_or_broken_says_which(tmp_path: Path) -> None:
    path = kept(tmp_path / "w.arrow", batch(["a"]))
    with pytest.raises(SourceError, match=r"gone\.labels: cannot be read"):
        truths(path, Shelf(tmp_path, [Delivered(segments=("gone.labels",), seconds=0)]))
    (tmp_path / "w.arrow").write_bytes(b"nonsense")
    with pytest.raises(SourceError, match=r"w\.arrow: cannot be read"):
        truths(path, Shelf(tmp_path, []))
