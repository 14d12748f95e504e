"""Routes, document and guard put together."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route as Path

from monitor.errors import MonitorError
from monitor.web import api, changes, deeds, features, folders, incidents, letters, management, occasions, shelves
from monitor.web.access import Doorkeeper
from monitor.web.asking import Asker
from monitor.web.daemon import Daemon
from monitor.web.envelope import JSON, Refused, error, tagged
from monitor.web.guard import HANDLER, MOST_SECONDS, Guard
from monitor.web.openapi import document
from monitor.web.options import WebOptions
from monitor.web.pages import (
    audit,
    baselines,
    feature,
    files,
    forms,
    incident,
    layout,
    monitor,
    overview,
    signing,
    status,
    window,
)
from monitor.web.pages import deeds as page_deeds
from monitor.web.settings import Settings
from monitor.web.table import Asked, Route, told

TABLE: tuple[Route, ...] = (
    *management.ROUTES, *api.ROUTES, *folders.ROUTES, *changes.ROUTES,
    *incidents.ROUTES, *occasions.ROUTES, *letters.ROUTES, *features.ROUTES, *shelves.ROUTES, *deeds.ROUTES,
    Route(
        path=f"{api.API}/openapi.json", handler=lambda asked: _openapi(asked), about="This document.",
        media=("application/json",),
    ),
)  # fmt: skip
PAGES: tuple[Route, ...] = (
    *overview.ROUTES, *monitor.ROUTES, *feature.ROUTES, *window.ROUTES, *incident.ROUTES, *page_deeds.ROUTES,
    *baselines.ROUTES, *audit.ROUTES, *status.ROUTES, *signing.ROUTES, *files.ROUTES,
)  # fmt: skip
"""What people look at; the document has none of it."""


def app(
    daemon: Daemon, options: WebOptions, settings: Settings | None = None, *, seconds: float = MOST_SECONDS
) -> Starlette:
    """The web of a daemon; `settings` are what the web configuration file says at the moment."""
    layout.environment()  # before anybody waits for it
    settings = settings or Settings(options)
    door = Doorkeeper(settings)
    routes = [_path(route, daemon, options, door) for route in (*TABLE, *PAGES)]
    guard = Middleware(Guard, metrics=daemon.metrics, headers=lambda: settings.headers, seconds=seconds)
    if options.root:
        routes.append(Path(options.root, lambda _: RedirectResponse(f"{options.root}/")))
    made = Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: _missed})
    made.router.redirect_slashes = False
    return made


def _path(route: Route, daemon: Daemon, options: WebOptions, door: Doorkeeper) -> Path:
    answer = partial(_answered, route=route, daemon=daemon, options=options, door=door)

    async def endpoint(request: Request) -> Response:
        request.scope[HANDLER] = route.path
        try:
            return await answer(request)
        except Refused as refused:
            if route.is_page:
                asked = _asked(request, route, daemon, options, Asker())
                return await run_in_threadpool(layout.refusal, asked, refused)
            return _refusal(refused, route.path)

    return Path(f"{options.root}{route.path}", endpoint, methods=list(route.methods))


async def _answered(request: Request, route: Route, daemon: Daemon, options: WebOptions, door: Doorkeeper) -> Response:
    try:
        asker = await door.admitted(request, route)
    except Refused as refused:
        if route.access not in ("open", "read", "known"):
            address = request.client.host if request.client is not None else "an unknown address"
            await run_in_threadpool(daemon.audit, route.path, f"somebody at {address}", request.url.path, "denied")
        raise refused from None
    asked = _asked(request, route, daemon, options, asker)
    reads, body = door.lets_read(request, asker), _read(route, await request.body())
    asked = replace(asked, body=body, reads=reads, is_knowable=door.knows_anybody)
    try:
        return await run_in_threadpool(route.handler, asked)
    except MonitorError as refused:
        raise told(refused) from None


def _asked(request: Request, route: Route, daemon: Daemon, options: WebOptions, asker: Asker) -> Asked:
    return Asked(
        daemon=daemon,
        options=options,
        asker=asker,
        headers=request.headers,
        path=request.path_params,
        query=request.query_params,
        route=route.path,
    )


def _read(route: Route, body: bytes) -> Any:
    if route.takes_form:
        return forms.fields(body)
    return _json(body) if route.takes is not None else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None


def _refusal(refused: Refused, path: str) -> Response:
    """In the API's envelope, or as a line for people and probes."""
    if path.startswith("/api/"):
        return error(refused)
    headers = {"Cache-Control": "no-store", **refused.headers}
    return PlainTextResponse(f"{refused.why}\n", refused.code, headers)


async def _missed(_request: Request, missed: Exception) -> Response:
    """No route, or none for the method."""
    assert isinstance(missed, HTTPException)
    told = {404: "there is no such page; /api/v1/openapi.json lists all", 405: "not a method of this page"}
    headers = dict(missed.headers or {})
    return error(Refused(missed.status_code, told.get(missed.status_code, missed.detail), headers))


def _openapi(asked: Asked) -> Response:
    """The document itself, in no envelope."""
    body = json.dumps(document(TABLE, asked.options.root)).encode()
    return tagged(body, JSON, asked.headers)
