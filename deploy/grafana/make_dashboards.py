"""Make dashboards/Driftd/*.json: python deploy/grafana/make_dashboards.py

Three dashboards: all monitors, one of them, the daemon. Classic JSON for Grafana 11 and later. What is committed is
what this writes; a test compares the two.
"""

import json
from pathlib import Path

from boards.daemon import daemon
from boards.monitor import monitor
from boards.overview import overview

FOLDER = Path(__file__).resolve().parent / "dashboards" / "Driftd"
BOARDS = {"overview.json": overview, "monitor.json": monitor, "daemon.json": daemon}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, made in BOARDS.items():
        (FOLDER / name).write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n")
