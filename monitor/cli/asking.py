"""Asking the daemon that holds the store, by its API."""

import json
import os
from collections.abc import Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.config.service import Web

TOKEN = "DRIFTD_TOKEN"  # noqa: S105  the name of the variable that holds it
SECONDS = 30.0
TAKEN = (200, 201, 202)


def asked(web: "Web", path: str, body: Mapping[str, Any] | None, method: str = "POST") -> dict[str, Any]:
    """What the daemon answers. Raises InputError where it has no answer, or refuses."""
    from monitor.cli.connecting import connection, is_shown
    from monitor.errors import InputError
    from monitor.web.webfile import load

    token = os.environ.get(TOKEN, "")  # noqa: TID251
    if not token:
        raise InputError(
            f"a daemon holds the store, and {TOKEN} is not set; set it to a token of web.tokens with scope write"
        )
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    tls = load(web.config).tls_server_config
    asking = connection(web.listen, SECONDS, is_tls=tls is not None)
    try:
        asking.connect()
        if tls is not None and not is_shown(tls.cert_file, asking):
            raise InputError(
                f"{web.listen} shows another certificate than {tls.cert_file}, and is told no token; the daemon that "
                "reads this configuration shows that one"
            )
        content = None if body is None else json.dumps(body)
        asking.request(method, f"{web.prefix.rstrip('/')}/api/v1/{path}", content, headers)
        answer = asking.getresponse()
        told = json.loads(answer.read(1 << 20))
    except (OSError, HTTPException, ValueError) as error:
        raise InputError(f"a daemon holds the store, and does not answer at {web.listen}: {error}") from None
    finally:
        asking.close()
    if answer.status not in TAKEN:
        raise InputError(f"{web.listen} refused ({answer.status}): {told.get('error', told)}")
    found: dict[str, Any] = told["data"]
    return found
