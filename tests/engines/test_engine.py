"""The protocol: what stands in the documents is an engine too."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import splits

from monitor import check, evaluate

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"


class Client:
    """What the page asks of Dask's client, in this process."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Callable[[int], Any], given: Iterable[int], *, pure: bool, retries: int) -> list[Any]:
        return [(function, number) for number in given]


def as_completed(futures: list[Any], *, with_results: bool) -> Iterator[tuple[Any, Any]]:
    for function, number in reversed(futures):
        yield number, function(number)


def test_the_page_of_code_in_the_documents_is_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = ModuleType("dask.distributed")
    vars(distributed).update(Client=Client, as_completed=as_completed)
    monkeypatch.setitem(sys.modules, "dask", ModuleType("dask"))
    monkeypatch.setitem(sys.modules, "dask.distributed", distributed)
    (code,) = [text for text in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S) if "class Dask" in text]
    names: dict[str, Any] = {}
    exec(code, names)
    base, captures = splits.small(tmp_path)
    report = check(str(captures), base, engine=names["Dask"]("tcp://10.0.0.7:8786"))
    here = evaluate.evaluate(splits.reading(base, captures), base, splits.order(), splits.Here())
    assert report.inputs == here.report.inputs
    assert report.findings == here.report.findings
