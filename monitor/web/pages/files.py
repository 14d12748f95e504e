"""Style and scripts of the pages: files beside this one, under a name that changes with what is in them."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from starlette.responses import Response

from monitor.web.envelope import Refused
from monitor.web.table import Asked, Parameter, Route

MEDIA: Mapping[str, str] = {
    "driftd.css": "text/css",
    "details.css": "text/css",
    "driftd.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "uplot.min.js": "text/javascript",
    "uplot.min.css": "text/css",
    "mark.svg": "image/svg+xml",
}
LONG = "public, max-age=31536000, immutable"


@cache
def content(name: str) -> bytes:
    """What is in a file."""
    return files("monitor.web.pages").joinpath("static", name).read_bytes()


@cache
def place(name: str) -> str:
    """Where a file is, from the root on."""
    return f"static/{hashlib.sha256(content(name)).hexdigest()[:12]}/{name}"


def file(asked: Asked) -> Response:
    """A file. Under a digest that is not its own there is none: a browser would keep the wrong one for long."""
    name = asked.path["file"]
    if name not in MEDIA or place(name) != f"static/{asked.path['digest']}/{name}":
        raise Refused(404, f"file {name[:60]!r}: there is none of this name and digest; load the page anew")
    return Response(content(name), media_type=MEDIA[name], headers={"Cache-Control": LONG})


ROUTES = (
    Route(
        path="/static/{digest}/{file}", handler=file, access="open", about="Style and scripts of the pages.",
        parameters=(
            Parameter(name="digest", about="Of what is in the file.", place="path"),
            Parameter(name="file", about="Which file.", place="path"),
        ),
        media=tuple(dict.fromkeys(MEDIA.values())),
        refuses=(404,),
    ),
)  # fmt: skip
