"""Memory stays flat where a reader asks for far more than it uses."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

TESTS = Path(__file__).parents[1]
MOST_MEGABYTES = 250  # 200 were seen; 295 with the C library's allocator
SCRIPT = """
import sys
from pathlib import Path

import fuzzing
from monitor.lean import keep_lean

keep_lean()
from monitor.batch import Expected
from monitor.measures.even import even
from monitor.reading import Reading

names = tuple(f"c{number}" for number in range(50))
path = Path(sys.argv[1])
with path.open("w") as file:
    file.write(",".join(names) + "\\n")
    for row in range(65_536):
        file.write(",".join([f'"{row * 7919 % 1_000_003:015}"'] * len(names)) + "\\n")
rows = sum(batch.rows.num_rows for batch in even(Reading([path], Expected(names=names))))
print(rows, fuzzing.peak())
"""


@pytest.mark.skipif("mimalloc" not in pa.supported_memory_backends(), reason="this pyarrow has no mimalloc")
def test_a_table_with_quotes_takes_no_more_memory_than_its_batches(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path / "quoted.csv"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={"PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
    )
    rows, peak = map(int, ran.stdout.split())
    assert rows == 65_536
    assert peak < MOST_MEGABYTES
