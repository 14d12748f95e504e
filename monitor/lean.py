"""Keeps out of commands what they never touch: it costs time and memory at every start."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Absent(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name="pandas")
        return None


def keep_lean() -> None:
    """Keep pandas out, and what numpy has for compilers and tests; for a command, never for the library."""
    _settle_without_pandas()
    _take_scipy_without_tools()


def _settle_without_pandas() -> None:
    """Let pyarrow settle, once and for all in this process, that there is no pandas.

    The first time that pyarrow turns any Python object into an Arrow value it imports pandas if it can, to know its
    missing values when it meets them. Afterwards `import pandas` works as ever, but pyarrow takes and gives no pandas
    objects here. User rules get their data frames in the child process, which is another one.
    """
    if "pandas" in sys.modules:
        return
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        import pyarrow as pa

        pa.scalar(0)
        pa.array([0]).to_numpy()
    finally:
        sys.meta_path.remove(absent)


def _take_scipy_without_tools() -> None:
    """Import scipy's functions without numpy's readers of Fortran and helpers of tests, which take longer than numpy.

    scipy copies all names that numpy has, and numpy imports these when they are first asked for: so they must have
    been there. Afterwards `numpy.f2py` and `numpy.testing` are imported on demand as ever.
    """
    import numpy as np

    tools = [name for name in ("f2py", "testing") if name not in vars(np)]
    for name in tools:
        setattr(np, name, None)
    try:
        import scipy.special  # noqa: F401
    finally:
        for name in tools:
            delattr(np, name)
