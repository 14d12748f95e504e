"""Engine `spark`: an existing cluster, by its DataFrame API alone, so that Spark Connect will do as well.

Each split is a partition of its own: a failed or lost one is tried again by Spark, and nothing else with it. Executors
see the files under the same names as this process (a shared file system, or an object store), and have the same driftd
installed.
"""

import os
import resource
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from monitor.engines.engine import EngineFailed, Take
from monitor.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCHEMA = "number long, answer binary"
COLUMNS = pa.schema([("number", pa.int64()), ("answer", pa.binary())])
QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR", "spark.ui.enabled": "false"}
MISSING = (
    "engine spark needs the extra `spark`: pip install 'driftd[spark]', and Java 17 or 21 where no cluster is given"
)
MOST_WORDS = 600


class Spark:
    """A session on `master` (`local[2]`, `spark://host:7077`, `sc://host:15002` for Spark Connect), or, without one, as
    the environment says: spark-submit, a notebook, or SPARK_REMOTE. A session that is there already is used and left
    open."""

    def __init__(self, master: str = "", options: Mapping[str, str] | None = None) -> None:
        self.master = master
        self.options = options or {}

    def run(self, work: bytes, count: int, take: Take) -> None:
        """One job of so many tasks; their answers are collected here."""
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # it meets none
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            raise InputError(MISSING) from None
        theirs = SparkSession.getActiveSession()
        try:
            with _unlimited():
                session = theirs or self._session(SparkSession.builder)
        except Exception as error:  # noqa: BLE001  py4j, gRPC and Java each have errors of their own
            raise EngineFailed(f"engine spark: no session on {self.master or 'its master'}: {words(error)}") from None
        try:
            rows = session.range(0, count, 1, count).mapInArrow(partial(_answers, work), SCHEMA).collect()
        except PySparkException as error:
            raise EngineFailed(f"engine spark: {words(error)}") from None
        finally:
            if theirs is None:
                session.stop()
        for row in rows:
            take(row["number"], bytes(row["answer"]))

    def _session(self, builder: Any) -> "SparkSession":
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # noqa: TID251  Spark asks there alone
        if self.master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # noqa: TID251  nobody else is to reach it
        is_remote = self.master.startswith("sc://")
        if self.master:
            builder = builder.remote(self.master) if is_remote else builder.master(self.master)
        if not is_remote:
            builder = builder.appName("driftd").config(map=QUIET)
        return builder.config(map=dict(self.options)).getOrCreate()


@contextmanager
def _unlimited() -> Iterator[None]:
    """The JVM that is started in here is not held to the memory of a window's worker: it could not begin."""
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    held = [resource.getrlimit(kind) for kind in kinds]
    try:
        for kind, (_, hard) in zip(kinds, held, strict=True):
            resource.setrlimit(kind, (hard, hard))
        yield
    finally:
        for kind, limit in zip(kinds, held, strict=True):
            resource.setrlimit(kind, limit)


def _answers(work: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On an executor: the answers to these splits. Spark ships this function by its name, with the work beside it."""
    from monitor.engines.work import answer

    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield pa.record_batch([[number], [answer(work, number)]], schema=COLUMNS)


def words(error: Exception) -> str:
    """What went wrong, without the stack of the JVM."""
    text = str(error)
    if "No module named 'monitor'" in text:
        return "its executors have no driftd; the same version as here, installed on each, would be right"
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("at ")]
    return " ".join(lines)[:MOST_WORDS]
