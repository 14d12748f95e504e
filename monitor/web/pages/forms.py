"""What a page's form sends back, and where its reader is led then.

A form is taken from our own pages only, and from who may change things: access looks at both before a handler is asked.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.responses import RedirectResponse, Response

from monitor.web.envelope import Refused
from monitor.web.table import Asked

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 50


def fields(body: bytes) -> Mapping[str, str]:
    """The fields of a form; what is empty is not there, of a name twice the last counts.

    >>> fields(b"verdict=false&why=a+campaign&until=")
    {'verdict': 'false', 'why': 'a campaign'}
    """
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS, errors="strict"))
    except ValueError:
        raise Refused(400, "the body is not a form") from None


def led_to(asked: Asked, place: str) -> Response:
    """The page to look at after a change, so that loading it anew changes nothing."""
    return RedirectResponse(f"{asked.root}{place}", 303, {"Cache-Control": "no-store"})
