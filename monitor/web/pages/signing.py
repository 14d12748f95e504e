"""Signing in: a page that asks the browser for credentials, and leads back to the first one.

A browser sends what it was told with every later request to this place: no cookie, no session. A token is the password
of any name.
"""

from starlette.responses import Response

from monitor.web.pages import forms
from monitor.web.table import Asked, Route


def sign_in(asked: Asked) -> Response:
    """Somebody is known by now."""
    return forms.led_to(asked, "")


ROUTES = (
    Route(path="/sign-in", handler=sign_in, access="known", about="Asks for credentials.", media=("text/html",)),
)  # fmt: skip
