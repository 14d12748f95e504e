"""Memory that is kept for the next block."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from monitor.sources.memory import keep_freed
{first}
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
pieces = lambda: [np.ones(size << 20, np.uint8) for size in (4, 3, 12, 2)]
pieces()
before = faults()
for _ in range(20):
    pieces()
print(faults() - before)
"""


def faults(first: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", FAULTS.format(first=first)], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do as they do")
def test_memory_that_was_freed_is_taken_again_without_asking_the_system():
    assert faults("keep_freed()") < faults("") / 2
