"""Engines by their names, and what they say where they are not to be had."""

import sys

import pytest

from monitor.child.limits import Limits
from monitor.engines.engine import EngineFailed
from monitor.engines.named import NAMES, engine_of
from monitor.engines.processes import Processes
from monitor.engines.spark import MISSING, Spark, words
from monitor.errors import InputError

LIMITS = Limits(memory_bytes=5 << 20)


def test_each_name_is_an_engine_and_local_is_none() -> None:
    made = [engine_of(name, LIMITS) for name in NAMES]
    assert [type(one) for one in made] == [type(None), Processes, Spark]
    assert isinstance(made[1], Processes)
    assert made[1].memory_bytes == LIMITS.memory_bytes


def test_spark_takes_a_master_and_options_and_an_engine_of_ones_own_is_taken_as_it_is() -> None:
    found = engine_of({"spark": {"master": "local[2]", "options": {"spark.executor.memory": "4g"}}}, LIMITS)
    assert isinstance(found, Spark)
    assert (found.master, found.options) == ("local[2]", {"spark.executor.memory": "4g"})
    own = Processes(1)
    assert engine_of(own, LIMITS) is own


@pytest.mark.parametrize("name", ["dask", {"ray": {}}])
def test_an_unknown_engine_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(InputError, match=r"engine .*: unknown; local, processes, spark would be right"):
        engine_of(name, LIMITS)


def test_spark_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(InputError) as told:
        Spark("local[1]").run(b"", 1, lambda _index, _answer: None)
    assert str(told.value) == MISSING


def test_what_spark_says_is_told_without_the_stack_of_its_jvm() -> None:
    stack = "Job aborted: Task 0 failed\n\tat org.apache.spark.A(B.java:1)\n  at java.lang.C\nDriver stacktrace:"
    assert words(ValueError(stack)) == "Job aborted: Task 0 failed Driver stacktrace:"
    missing = "PythonException: ModuleNotFoundError: No module named 'monitor'\n at x"
    assert words(EngineFailed(missing)).startswith("its executors have no driftd; the same version as here")
