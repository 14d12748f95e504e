"""Slow tests run with `--long` only; each has a short seeded version in the gate."""

import logging
from collections.abc import Iterator

import pandas  # noqa: F401  before a command keeps it out of this process, which is for good
import pytest
from hypothesis import settings

# The first example of a test pays for what is imported only where it is used: that is no reason to fail it.
settings.register_profile("driftd", deadline=None)
settings.load_profile("driftd")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the slow tests too (minutes)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow; run with --long"))


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command sets up the log of its process; what one test set up is not the next one's."""
    root, own = logging.getLogger(), logging.getLogger("driftd")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])
