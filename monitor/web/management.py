"""`/-/healthy`, `/-/ready`, `/-/reload`, and the scrape."""

import gzip

from starlette.responses import PlainTextResponse, Response

from monitor.web.table import Asked, Route

OPENMETRICS = "application/openmetrics-text"
QUICK = 1  # a scrape is squeezed for a local network


def healthy(asked: Asked) -> Response:
    """200 while the loop of the daemon turns."""
    return _state(asked.daemon.healthy(), "driftd is healthy.\n")


def ready(asked: Asked) -> Response:
    """200 once it is loaded and restored; a failed reload and a standby instance are ready."""
    return _state(asked.daemon.ready(), "driftd is ready.\n")


def _state(trouble: str, fine: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse(f"{trouble}\n" if trouble else fine, 503 if trouble else 200, headers)


def reload(asked: Asked) -> Response:
    """Load the configuration anew; the old one stays where that fails."""
    trouble = asked.daemon.reload(str(asked.asker))
    asked.daemon.audit("config.reload", str(asked.asker), "config", "failed" if trouble else "done")
    return PlainTextResponse(f"failed to reload config: {trouble}\n" if trouble else "", 500 if trouble else 200)


def scrape(asked: Asked) -> Response:
    """All metrics, or those of `name[]`."""
    body, kind = asked.daemon.metrics.exposition(asked.headers.get("accept", ""), asked.query.getlist("name[]"))
    headers = {"Content-Type": kind, "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-store"}
    if _takes_gzip(asked.headers.get("accept-encoding", "")):
        body, headers["Content-Encoding"] = gzip.compress(body, QUICK, mtime=0), "gzip"
    return Response(body, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Whether gzip is listed, and not with a weight of 0.

    >>> [_takes_gzip(text) for text in ("gzip, br", "deflate", "gzip;q=0", "GZIP;q=0.5")]
    [True, False, False, True]
    """
    for one in accepted.split(","):
        name, _, weight = one.partition(";")
        if name.strip().lower() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


ROUTES = (
    Route(path="/metrics", handler=scrape, access="open", about="All metrics.", media=("text/plain", OPENMETRICS)),
    Route(path="/-/healthy", handler=healthy, access="open", about="Whether driftd is alive."),
    Route(path="/-/ready", handler=ready, access="open", about="Whether driftd is ready."),
    Route(
        path="/-/reload", methods=("POST", "PUT"), handler=reload, access="lifecycle",
        about="Load the configuration anew.", refuses=(403,),
    ),
)  # fmt: skip
