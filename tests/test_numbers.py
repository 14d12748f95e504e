"""The numbers of a window that alarms may ask for."""

from math import isnan

import numpy as np
import pyarrow as pa
import pytest

from monitor.document import from_document, to_document
from monitor.figures import Figures, Score, Standing
from monitor.library import make_baseline
from monitor.measures.window import measure
from monitor.numbers import NAMES, number, numbers_of
from monitor.tables import InMemory


def profile(**columns: object):
    base = make_baseline(pa.table({"age": [1.0, 2.0, 3.0, 4.0], "city": ["a", "b", "a", "b"]})).profile
    return measure(InMemory(pa.table(columns)), base)


def test_the_numbers_of_a_feature_are_those_of_its_finite_values() -> None:
    found = numbers_of(profile(age=[2.0, 4.0, 9.0, None, np.inf], city=["a"] * 5))
    of_age = {name: found[name]["age"] for name in ("mean", "std", "min", "median", "max")}
    assert of_age == pytest.approx({"mean": 5.0, "std": np.std([2, 4, 9]), "min": 2.0, "median": 4.0, "max": 9.0})
    assert "city" not in found["mean"]


def test_a_feature_without_any_number_has_none() -> None:
    found = numbers_of(profile(age=[None, None], city=["a", "b"]))
    assert found["mean"] == {}
    assert isnan(number(Figures(status="ok", numbers=found), "mean", "age"))


def test_every_name_has_a_number() -> None:
    figures = Figures(
        status="violated", judged=3, asked=4, records=12, rows=10, rejected={"not_json": 2, "not_csv": 1},
        drift={"age": True, "zip": False}, violations={"range": 2, "drift": 1},
        scores=(Score(feature="age", method="largest_shift", score=0.2),), missing={"age": 0.25}, quality={"auc": 0.9},
        numbers={"mean": {"age": 5.0}}, policy=Standing(phase="armed", evidence=0.5),
    )  # fmt: skip
    again = from_document(Figures, to_document(figures))
    told = {
        "records": 12, "rows": 10, "rejected": 3, "coverage": 0.75, "violated": 3, "drifted": 1, "evidence": 0.5,
        "mean": 5.0, "missing": 0.25, "score": 0.2,
    }  # fmt: skip
    for name, value in told.items():
        assert number(again, name, "age" if NAMES[name] else None) == value
    assert number(again, "violations", "range") == 2
    assert number(again, "quality", "auc") == 0.9
    assert isnan(number(again, "mean", "other"))
    assert isnan(number(Figures(status="unknown"), "coverage", None))
    assert isnan(number(Figures(status="unknown"), "evidence", None))


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        number(Figures(status="ok"), "meen", None)
