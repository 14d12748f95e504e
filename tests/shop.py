"""A small shop of captures and tables for the tests."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
CHURN = DATA / "churn"
START = datetime(2026, 1, 5, tzinfo=UTC)


def capture(request: Any, answer: Any, number: int, *, at: datetime | None = None) -> str:
    """One line of a capture file; a str payload is CSV, anything else JSON."""
    at = at if at is not None else START + timedelta(seconds=5 * number)
    return json.dumps(
        {
            "captureData": {
                side: {
                    "observedContentType": "text/csv",
                    "mode": mode,
                    "data": _text(data),
                    "encoding": _encoding(data),
                }
                for side, mode, data in (("endpointInput", "INPUT", request), ("endpointOutput", "OUTPUT", answer))
            },
            "eventMetadata": {"eventId": f"id-{number}", "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
            "eventVersion": "0",
        }
    )


def _text(data: Any) -> str:
    return data if isinstance(data, str) else json.dumps(data)


def _encoding(data: Any) -> str:
    return "CSV" if isinstance(data, str) else "JSON"


def write(path: Path, lines: Iterable[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def churn_header() -> list[str]:
    with (CHURN / "training-dataset-with-header.csv").open() as file:
        return next(csv.reader(file))


def churn_requests() -> list[str]:
    """The 334 requests of the published run; the first is a mangled header."""
    return (CHURN / "test-dataset-input-cols.csv").read_text().split()


def published_window() -> list[str]:
    """1,977 captures made by looping over the requests, seven of them mangled; two spare mangled ones are left out."""
    requests = churn_requests()
    rows = [requests[0]] * 7 + [requests[1 + i % (len(requests) - 1)] for i in range(1970)]
    return [capture(row, "0.0145", number) for number, row in enumerate(rows)]


def validation_rows() -> list[list[str]]:
    """The 666 held-out rows of the churn set, without their first column, the label."""
    with (CHURN / "validation.csv").open() as file:
        return [row[1:] for row in csv.reader(file)]


def score(number: int) -> str:
    """A fractional score that looks like a model's."""
    return f"{((number * 37) % 997 + 1) / 1000:.4f}"


def csv_captures(rows: Sequence[Sequence[str]]) -> list[str]:
    return [capture(",".join(row), score(i), i) for i, row in enumerate(rows)]


def json_captures(rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[str]:
    objects = [{name: number(text) for name, text in zip(names, row, strict=True)} for row in rows]
    return [capture(row, {"Churn": float(score(i))}, i) for i, row in enumerate(objects)]


def number(text: str) -> int | float | None:
    if text == "":
        return None
    return float(text) if "." in text else int(text)
