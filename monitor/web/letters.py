"""Dead letters by the API: events that a receiver did not get, and another try."""

from typing import Any

from starlette.responses import Response

from monitor.web.api import API, PAGED, paged
from monitor.web.bodies import TEXT, form, texts
from monitor.web.changes import changed
from monitor.web.envelope import success
from monitor.web.people import LetterRow
from monitor.web.rows import Replayed
from monitor.web.schemas import listed, schema
from monitor.web.table import Asked, Route

RECEIVER: dict[str, Any] = form({"receiver": TEXT})


def letters(asked: Asked) -> Response:
    """Events that were given up."""
    return paged(asked.daemon.people.dead_letters(*asked.rows()), asked)


def replay(asked: Asked) -> Response:
    """Send those of a receiver once more."""
    name = texts(asked.body, RECEIVER, '{"receiver": "ops"}')["receiver"]
    count = changed(asked, "dead_letters.replay", f"routes/{name[:200]}", lambda _: asked.daemon.people.replay(name))
    answer = success(Replayed(receiver=name, letters=count))
    answer.status_code = 202
    return answer


ROUTES = (
    Route(
        path=f"{API}/dead_letters", handler=letters, about="Events that were given up, the oldest first.",
        parameters=PAGED, gives=listed(schema(LetterRow)), refuses=(400,),
    ),
    Route(
        path=f"{API}/dead_letters/replay", methods=("POST",), handler=replay, access="write", takes=RECEIVER,
        about="Send the dead letters of a receiver once more, each under its id.", gives=schema(Replayed), code=202,
        refuses=(400, 403, 413, 415),
    ),
)  # fmt: skip
