"""Files of a report folder, and nothing else: the names are known, and links are not followed."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from monitor.web.api import API
from monitor.web.envelope import JSON, Refused, tagged
from monitor.web.table import MONITOR, Asked, Parameter, Route, moment

MEDIA: Mapping[str, str] = {
    "report.html": "text/html",
    "report.json": JSON,
    "report.md": "text/markdown",
    "statistics.json": JSON,
    "constraint_violations.json": JSON,
    "constraints.json": JSON,
    "rejected.json": JSON,
}
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups"
)
"""Of report.html: no script, nothing fetched; as the page itself has it, and a bit more."""
WINDOW = re.compile(r"([^_/]+)_([^_/]+?)(?:_r(\d{1,9}))?")


def report(asked: Asked) -> Response:
    """A file of a report."""
    view = asked.monitor()
    name = asked.path["file"]
    if name not in MEDIA:
        raise Refused(404, f"file {name[:60]!r}: no file of a report; one of {', '.join(MEDIA)} would be right")
    match = WINDOW.fullmatch(asked.path["window"])
    if match is None:
        raise Refused(400, "not a window; START_END or START_END_rN would be right, with times in UTC")
    start, end = moment(match[1], "start"), moment(match[2], "end")
    folder = asked.daemon.report_folder(view.name, start, end, None if match[3] is None else int(match[3]))
    body = read(folder, name) if folder is not None else None
    if body is None:
        raise Refused(404, f"monitor {view.name!r} has no {name} of this window")
    headers = {"Content-Security-Policy": PAGE_POLICY} if name == "report.html" else {}
    return tagged(body, MEDIA[name], asked.headers, headers)


def read(folder: Path, name: str) -> bytes | None:
    """What is in a file of a report; None where there is none."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as stream:
        return stream.read()


ROUTES = (
    Route(
        path=f"{API}/monitors/{{monitor}}/reports/{{window}}/{{file}}",
        handler=report,
        about="A file of a window's report.",
        parameters=(
            MONITOR,
            Parameter(name="window", about="START_END, or START_END_rN for an older revision.", place="path"),
            Parameter(name="file", about="Which file.", place="path", schema={"type": "string", "enum": list(MEDIA)}),
        ),
        media=tuple(dict.fromkeys(MEDIA.values())),
        refuses=(400, 404),
    ),
)
