"""Engine `spark`: real Sparks on this machine give what one process gives, also when an executor is killed."""

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import daemons
import processes
import prometheus_server
import pytest
import splits

from monitor.baseline import Baseline

PATIENCE = 180.0
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # a JVM that lives for seconds: a third less CPU
GATE = '''
import os
import time
from pathlib import Path

import pandas

from monitor import transform

PLACE = Path({place!r})


@transform
def waits(rows: pandas.DataFrame) -> pandas.DataFrame:
    """Waits at the gate."""
    (PLACE / f"reached-{{os.getppid()}}").touch()
    while not (PLACE / "open").exists():
        time.sleep(0.02)
    return rows
'''


@pytest.fixture(scope="module", autouse=True)
def spark() -> Path:
    """Where Spark is; without it, or without Java, these tests are skipped, and fail on CI."""
    found = importlib.util.find_spec("pyspark")
    told = "" if found is not None else "needs pyspark: pip install 'driftd[spark]'"
    if shutil.which("java") is None:
        told = "needs java: apt-get install --no-install-recommends openjdk-17-jre-headless"
    if told and os.environ.get("CI") == "true":  # noqa: TID251  a test may ask where it runs
        pytest.fail(told)
    if told or found is None or found.origin is None:
        pytest.skip(told)
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Baseline, Path]:
    return splits.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def by_processes(small: tuple[Baseline, Path]) -> Mapping[str, Any]:
    """The report of another engine, that cuts the files in the same way."""
    with checking(small, "--engine", "processes") as process:
        return reported(process)


@contextlib.contextmanager
def checking(small: tuple[Baseline, Path], *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """`driftd check` as a process of its own, ended whatever happens."""
    base, captures = small
    assert base.home is not None
    command = [sys.executable, "-m", "monitor", "check", captures, "--baseline", base.home, "--json", *arguments]
    with subprocess.Popen(
        [str(word) for word in command], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            members = processes.family(process.pid)
            process.kill()
            for pid in processes.left(members):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK", "PYSPARK"))}  # noqa: TID251
    own = {"PYTHONPATH": str(daemons.ROOT), "SPARK_LOCAL_IP": "127.0.0.1", "JAVA_TOOL_OPTIONS": QUICK}
    return {**kept, **own}


def reported(process: subprocess.Popen[str]) -> Mapping[str, Any]:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, 1), err
    report: dict[str, Any] = json.loads(out)
    return report


def waited(look: Any, process: subprocess.Popen[str]) -> Any:
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    return found


def test_local_threads_of_spark_give_the_very_report_of_other_engines(
    small: tuple[Baseline, Path], by_processes: Mapping[str, Any]
) -> None:
    with checking(small, "--engine", "spark", "--master", "local[2]") as process:
        assert reported(process) == by_processes


def test_an_executor_that_is_killed_in_the_middle_changes_nothing(
    small: tuple[Baseline, Path], by_processes: Mapping[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "waits.py").write_text(GATE.format(place=str(tmp_path)))
    more = ("--engine", "spark", "--master", "local-cluster[2,1,1024]", "--rules", tmp_path / "rules")
    with checking(small, *more) as process:
        waited(lambda: [*tmp_path.glob("reached-*")], process)
        executors = [pid for pid in processes.family(process.pid) if b"CoarseGrainedExecutor" in words(pid)]
        (reached, *_) = tmp_path.glob("reached-*")
        worker = int(reached.name.removeprefix("reached-"))
        (busy,) = [pid for pid in executors if worker in processes.family(pid)]
        members = processes.family(busy)
        os.kill(busy, signal.SIGKILL)
        assert busy not in processes.survivors(members)
        (tmp_path / "open").touch()
        report = reported(process)
    assert {name: report[name] for name in ("inputs", "findings")} == {
        name: by_processes[name] for name in ("inputs", "findings")
    }


def words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def cluster(spark: Path, tmp_path: Path) -> Iterator[str]:
    """A master and a worker on loopback."""
    address = prometheus_server.free_address()
    host, port = address.split(":")
    command = [str(spark / "bin" / "spark-class")]
    deploy = "org.apache.spark.deploy"
    master = [f"{deploy}.master.Master", "--host", host, "--port", port, "--webui-port", "0"]
    worker = [f"{deploy}.worker.Worker", "--host", host, "--webui-port", "0", "--cores", "2", "--memory", "2g"]
    kept = {**environment(), "SPARK_HOME": str(spark), "SPARK_WORKER_DIR": str(tmp_path / "work")}
    started = []
    try:
        for arguments in (master, [*worker, f"spark://{address}"]):
            one = subprocess.Popen(
                [*command, *arguments], env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            started.append(one)
        yield f"spark://{address}"
    finally:
        for one in started:
            members = processes.family(one.pid)
            for pid in processes.left(members):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            one.wait()


def test_a_standalone_cluster_gives_the_very_report_of_other_engines(
    small: tuple[Baseline, Path], by_processes: Mapping[str, Any], cluster: str
) -> None:
    with checking(small, "--engine", "spark", "--master", cluster) as process:
        assert reported(process) == by_processes


def test_what_one_process_says_has_the_same_counts_and_statuses(
    small: tuple[Baseline, Path], by_processes: Mapping[str, Any]
) -> None:
    with checking(small) as process:
        local = reported(process)
    assert local["inputs"] == by_processes["inputs"]
    statuses = [[(f["rule"], f["feature"], f["status"]) for f in one["findings"]] for one in (local, by_processes)]
    assert statuses[0] == statuses[1]
