"""The notebook in the documents: its cells run in order, and show what the file says that they show."""

import json
from pathlib import Path
from typing import Any

import notebooks
import pytest

from monitor.baselines import load

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def ran(folder: Path) -> list[dict[str, Any]]:
    return notebooks.run(NOTEBOOK, folder)


def html(cell: dict[str, Any]) -> str:
    shown: str = cell["shown"]["text/html"]
    return shown


def test_every_cell_shows_what_is_stored_in_the_file(ran: list[dict[str, Any]]) -> None:
    cells = notebooks.code(NOTEBOOK)
    assert len(cells) == len(ran) == 7
    for cell, now in zip(cells, ran, strict=True):
        for output in cell["outputs"]:
            if output["output_type"] == "stream":
                assert notebooks.text(output["text"]) == now["printed"]
            else:
                assert {kind: notebooks.text(lines) for kind, lines in output["data"].items()}.items() <= now[
                    "shown"
                ].items()
        assert bool(cell["outputs"]) == bool(now["printed"] or now["shown"])


def test_the_fault_is_found_and_nothing_else(ran: list[dict[str, Any]], folder: Path) -> None:
    clean, faulty, filtered = (cell for cell in ran if "text/html" in cell["shown"])
    assert html(clean).startswith('<p><b style="color:#1b6e3c">OK, ')
    assert html(faulty).startswith('<p><b style="color:#b00020">VIOLATED: 2 of ')
    assert html(faulty).count("<td>Day Mins</td>") == 2
    assert html(filtered).startswith('<p><b style="color:#1b6e3c">OK, ')
    assert "666 captures, 532 rows, 134 left out; 2026-01-05 09:00:05 to 09:55:20 UTC" in html(filtered)
    assert ran[-1]["shown"]["text/plain"] == "True"
    assert load(folder / "baselines" / "churn").profile.rows == 2333


def test_the_notebook_is_one_that_notebook_programs_open(ran: list[dict[str, Any]]) -> None:
    document = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    ids = [cell["id"] for cell in document["cells"]]
    assert (document["nbformat"], document["nbformat_minor"], len(set(ids))) == (4, 5, len(ids))
    assert document["metadata"]["kernelspec"]["name"] == "python3"
    for cell in document["cells"]:
        keys = {"cell_type", "id", "metadata", "source"}
        assert set(cell) == keys | ({"execution_count", "outputs"} if cell["cell_type"] == "code" else set())
