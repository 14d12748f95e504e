"""The benchmarks of speed, in short, so that they cannot rot; `make bench` is the long form."""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.speed import captures, installed, limits, page, plan
from benchmarks.speed.__main__ import main
from benchmarks.speed.columns import Width, drawn
from benchmarks.speed.process import in_turn, run
from benchmarks.speed.stages import by_function, by_stage
from benchmarks.speed.stock import TABLE
from monitor.batch import Expected
from monitor.reading import Reading

ROOT = Path(__file__).parents[1]


def cost(cpu: float, peak_mb: float = 100.0, **more: object) -> dict[str, object]:
    return {"cpu": cpu, "wall": cpu, "work": cpu, "importing": 0.0, "peak_mb": peak_mb, **more}


# --- the whole, in short


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("speed")
    kept = folder / "results.json"
    assert main(["--quick", "--docs", str(folder), "--results", str(kept), "--cache", str(folder / "cache")]) == 0
    return kept, (folder / "performance.md").read_text()


def test_every_experiment_runs_and_is_told(told: tuple[Path, str]) -> None:
    kept, text = told
    found = json.loads(kept.read_text())
    assert set(found) == {*plan.EXPERIMENTS, "about"}
    assert '"failed"' not in kept.read_text()
    assert found["about"]["quick"]
    assert found["captures"]["runs"]["driftd"][0]["rows"] == 20_000
    assert min(found["stages"]["stages"].values()) > 0
    for words in (
        "A Parquet table of 20,000 rows",
        "pictures/speed-table.svg",
        "| 3a | peak memory, 20,000 captures |",
    ):
        assert words in text
    for name in ("captures", "table", "growth"):
        assert (kept.parent / "pictures" / f"speed-{name}.svg").read_text().startswith("<svg")


def test_what_was_measured_before_is_kept(told: tuple[Path, str], tmp_path: Path) -> None:
    kept, text = told
    assert main(["--page", "--docs", str(tmp_path), "--results", str(kept)]) == 0
    assert (tmp_path / "performance.md").read_text() == text


def test_without_all_figures_there_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--page", "--docs", str(tmp_path), "--results", str(tmp_path / "none.json")]) == 2
    assert "no page yet: captures, tables" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


# --- the data


def test_captures_are_read_as_they_were_drawn(tmp_path: Path) -> None:
    width = Width.of(50)
    captures.write(tmp_path / "short", width, 500)
    captures.write(tmp_path / "long", width, 2_000)
    assert (tmp_path / "long").read_bytes().startswith((tmp_path / "short").read_bytes())
    names = ("score", *width.names)
    texts = frozenset(name for name in names if name.startswith("text"))
    read = Reading([tmp_path / "short"], Expected(names=names, texts=texts))
    table = pa.Table.from_batches(batch.rows for batch in read if batch.rows.num_rows)
    rng = np.random.default_rng([captures.SEED, 1, 0, 50])
    assert (table.num_rows, table.num_columns) == (500, 51)
    assert table.drop_columns("score").equals(
        drawn(width, captures.BLOCK_ROWS, rng).slice(0, 500).cast(table.drop_columns("score").schema)
    )
    captures.split(tmp_path / "short", tmp_path / "parts", 7)
    parts = sorted((tmp_path / "parts").iterdir())
    assert len(parts) == 7
    assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "short").read_bytes()


def test_columns_are_of_the_kinds_that_were_asked_for() -> None:
    for columns in (10, 50, 1_000, 9_999):
        assert Width.of(columns).columns == len(set(Width.of(columns).names)) == columns
    table = drawn(TABLE, 5_000, np.random.default_rng(1), shift=0.5)
    assert [sum(name.startswith(kind) for name in table.column_names) for kind in ("float", "whole", "text")] == [
        30,
        5,
        15,
    ]
    assert [bool(table[f"float{i}"].null_count) for i in range(6)] == [False, False, True] * 2
    assert table["text14"].combine_chunks().unique().to_pylist()[0].startswith("v14_")


# --- measuring


def test_a_process_is_measured_with_what_it_leaves_behind() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    one = run([sys.executable, "-c", code])
    assert one["cpu"] > 0.3
    grown = run([sys.executable, "-c", "x = bytearray(200 << 20)"])
    assert 200 < grown["peak_mb"] < 260
    assert one["peak_mb"] < 100


def test_a_process_that_breaks_or_takes_too_long_is_told_and_not_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    broken = [sys.executable, "-c", "raise OSError('gone')"]
    found = in_turn({"good": [sys.executable, "-c", "print('{\"rows\": 3}')"], "broken": broken}, 2)
    assert [one["rows"] for one in found["good"]] == [3, 3]
    assert [one["failed"] for one in found["broken"]] == ["OSError: gone"]
    assert "broken: failed: OSError: gone" in capsys.readouterr().out
    slow = run([sys.executable, "-c", "while True: pass"], seconds=1)
    assert slow["failed"] == "took too long"


def test_what_is_slow_is_run_less_often() -> None:
    burn = [sys.executable, "-c", "import time\nwhile time.process_time() < 0.2: pass"]
    assert len(in_turn({"slow": burn}, 5, slow=0.1)["slow"]) == 1
    assert len(in_turn({"slow": burn}, 5, slow=0.6)["slow"]) == 3


def test_a_tool_that_cannot_be_installed_is_told_with_why(tmp_path: Path) -> None:
    gone = installed.Peer("with_gone.py", [str(tmp_path / "gone")])
    with pytest.raises(installed.NotInstalled, match=r"ERROR: .*gone"):
        installed.python_of(gone, tmp_path)


def test_each_tool_has_its_script() -> None:
    scripts = {path.name for path in (ROOT / "benchmarks" / "speed" / "peers").glob("with_*.py")}
    assert {peer.script for peer in installed.PEERS.values()} == scripts
    assert set(limits.COLD_OTHERS) < set(installed.PEERS)


def test_time_in_a_library_goes_to_whoever_called_it() -> None:
    sort, read, measure = (
        ("~", 0, "sort"),
        ("/m/monitor/sources/files.py", 1, "f"),
        ("/m/monitor/measures/numeric.py", 1, "n"),
    )
    calls = {read: (1, 1, 1.0, 1.0), measure: (3, 3, 3.0, 3.0)}
    found = by_stage(
        by_function({sort: (4, 4, 4.0, 4.0, calls), read: (1, 1, 0.5, 1.5, {}), measure: (1, 1, 0.0, 3.0, {})})
    )
    assert (found["read"], found["measure"], found["other"]) == (1.5, 3.0, 0.0)


# --- the limits


def test_limits_tell_what_is_kept_from_what_is_missed() -> None:
    runs = {"driftd": [cost(3.0, 300)], limits.paths.JOIN: [cost(9.5)], limits.paths.ROWS: [cost(7.0)]}
    rows = limits.rows({"captures": {"runs": runs, "records": 1000, "part": 200}})
    assert [(row.name, row.passed) for row in rows] == [("1a", True), ("1b", False), ("3a", False)]
    assert rows[1].seen == "3.00 s of 35.00 s: 0.086 (1/11.7)"


def test_what_failed_is_neither_kept_nor_missed() -> None:
    runs = {"driftd": [cost(3.0)], "Evidently": [cost(9.0, failed="took too long")]}
    rows = limits.rows({"tables": {"runs": runs, "memory": [cost(1.0)]}})
    assert [(row.name, row.passed) for row in rows] == [("2a", None), ("2b", True), ("2c", None)]


def test_growth_and_cores_are_judged() -> None:
    grown = [{"rows": limits.FROM, "peak_mb": 200.0}, {"rows": limits.TO, "peak_mb": 240.0}]
    wide = [{"columns": limits.MANY, "rows": 10, "failed": "MemoryError"}]
    cores = {"one core": [cost(3.0, findings="a")], "two cores": [cost(2.0, findings="b")]}
    rows = limits.rows({"growth": {"rows": grown, "columns": wide}, "cores": {"runs": cores}})
    assert {row.name: row.passed for row in rows} == {
        "3b": True, "3c": True, "3d": False, "5b": False, "4a": False, "3e": True, "7": False,
    }  # fmt: skip


def test_the_page_names_what_is_slower_or_larger() -> None:
    small = {"rows": 10, "runs": {"driftd": [cost(1.0)], "polars + scipy": [cost(0.5)]}}
    table = {"rows": 100, "runs": {"driftd": [cost(1.0, 200)], "frouros": [cost(2.0, 90)]}, "small": small}
    ways = {"driftd": [cost(1.0)], limits.paths.ROWS: [cost(0.6)]}
    found = {"captures": {"records": 10, "part": 5, "runs": ways}, "tables": table}
    assert page.slower(found) == [
        "a table of 100 rows: frouros takes 90 MB at its peak, driftd 200.",
        "a table of 10 rows: polars + scipy takes 0.5 CPU s, driftd 1.",
    ]
