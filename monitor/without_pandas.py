"""Keeps pandas out of commands that never touch it: it costs time and memory at every start."""

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


def keep_pandas_out() -> None:
    """Let pyarrow settle, once and for all in this process, that there is no pandas.

    The first time that pyarrow turns any Python object into an Arrow value it imports pandas if it can, to know its
    missing values when it meets them. Afterwards `import pandas` works as ever, but pyarrow takes and gives no pandas
    objects here: only for a command, never for the library. User rules get their data frames in the child process,
    which is another one.
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
