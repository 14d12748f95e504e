"""Samples of rejected records as JSON: rejected.json, which lies in a report's folder where any were; the records
themselves are not kept. Its schema is `monitor/schemas/rejected.schema.json`."""

import json
from collections.abc import Sequence

from monitor.batch import Sample

VERSION = 1
PLACE, SHAPE = 200, 120
"""Characters of what a record is told with."""


def rejected_json(rejects: Sequence[Sample]) -> str:
    """Where each stood, why it was rejected, and its shape; ASCII, as report.json is."""
    rows = [
        {
            "path": one.path[-PLACE:],
            "line": one.line,
            "reason": one.reason,
            "why": one.why[:PLACE],
            "shape": one.shape[:SHAPE],
        }
        for one in sorted(rejects, key=lambda one: (one.path, one.line))
    ]
    return json.dumps({"version": VERSION, "samples": rows}, indent=2, ensure_ascii=True) + "\n"
