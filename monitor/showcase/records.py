"""Lines as SageMaker's data capture and its ground truth have them, in folders by hour."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path


def capture(request: str, answer: str, event: str, at: datetime) -> str:
    """A request and its answer."""
    sides = {"endpointInput": ("INPUT", request), "endpointOutput": ("OUTPUT", answer)}
    record = {
        "captureData": {
            side: {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}
            for side, (mode, data) in sides.items()
        },
        "eventMetadata": {"eventId": event, "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        "eventVersion": "0",
    }
    return json.dumps(record) + "\n"


def label(value: str, event: str) -> str:
    """What came true of a request."""
    data = {"data": value, "encoding": "CSV"}
    return json.dumps({"groundTruthData": data, "eventMetadata": {"eventId": event}, "eventVersion": "0"}) + "\n"


def written(folder: Path, at: datetime, kind: str, lines: Iterable[str]) -> Path:
    """A file in the folder of its hour; it appears whole."""
    path = folder / f"{at:%Y/%m/%d/%H}" / f"{at:%M-%S}-000-{kind}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / f".{path.name}"
    unfinished.write_text("".join(lines))
    return unfinished.replace(path)
