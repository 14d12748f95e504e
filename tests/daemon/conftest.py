"""A farm that several tests copy."""

from pathlib import Path

import pytest
from daemons import Farm


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Farm(tmp_path_factory.mktemp("farm"))
    made.baseline()
    made.captures("m")
    return made.folder
