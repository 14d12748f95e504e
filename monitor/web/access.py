"""Who may ask for what. Reading is open on this machine alone; changing anything needs a token."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from monitor.web.asking import Asker, is_foreign, is_loopback, is_of_this_page, place_of, token_of, user_of
from monitor.web.envelope import JSON, Refused
from monitor.web.settings import Settings
from monitor.web.table import Access, Route

MOST_FAILURES, WITHIN_SECONDS, MOST_ADDRESSES = 20, 60.0, 4096
HOW = (
    "changes are off until a token is configured: web.tokens: [{id: ops, sha256: <SHA-256 of the token>, "
    "scopes: [write]}], and then Authorization: Bearer TOKEN"
)


class Failures:
    """Wrong credentials by address: after some in a minute, no more are looked at for a while."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._clock = clock

    def are_too_many(self, address: str) -> bool:
        began, count = self._seen.get(address, (0.0, 0))
        return count >= MOST_FAILURES and self._clock() - began < WITHIN_SECONDS

    def note(self, address: str) -> None:
        began, count = self._seen.pop(address, (0.0, 0))
        now = self._clock()
        self._seen[address] = (began, count + 1) if now - began < WITHIN_SECONDS else (now, 1)
        while len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)


class Doorkeeper:
    """Looks at credentials, and lets in or refuses with what would be right."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._failures = Failures()

    async def admitted(self, request: Request, route: Route) -> Asker:
        """Who asks, if the route is open to them. Raises Refused."""
        asker = await self._asker(request)
        if route.access == "open":
            return asker
        if route.access == "read":
            self._may_read(request, asker)
            return asker
        if route.access == "known":
            self._must_be_known(asker)
            return asker
        if is_foreign(request.headers):
            raise Refused(403, "the request comes from the page of another site")
        if route.access == "lifecycle":
            self._may_reload(asker)
            return asker
        self._may_change(asker, route.access)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if route.takes is not None and kind != JSON:
            raise Refused(415, f"the body's Content-Type is not {JSON}")
        if route.takes_form and not is_of_this_page(request.headers):
            raise Refused(403, "the browser does not say that the form is of this page; the API takes JSON of programs")
        return asker

    async def _asker(self, request: Request) -> Asker:
        """Whoever the credentials name; wrong ones are refused even where none are needed."""
        address = request.client.host if request.client is not None else ""
        given, passwords = request.headers.get("authorization", ""), self._settings.passwords
        if not given:
            if passwords:
                raise self._unknown("give a user and a password, or a token")
            return Asker(address=address)
        user = user_of(given)
        token = token_of(given if user is None else f"Bearer {user[1]}", self._settings.options.tokens)
        if token is not None:
            return Asker(name=token.id, kind="token", scopes=token.scopes, address=address)
        if user is not None and passwords.remembers(*user):
            return Asker(name=user[0], kind="user", scopes=("read",), address=address)
        if self._failures.are_too_many(address):
            headers = {"Retry-After": f"{WITHIN_SECONDS:.0f}"}
            raise Refused(429, "too many wrong passwords or tokens from this address; wait a minute", headers)
        if user is not None and passwords and await run_in_threadpool(passwords.are_right, *user):
            return Asker(name=user[0], kind="user", scopes=("read",), address=address)
        self._failures.note(address)
        raise self._unknown("the user, the password or the token is not known")

    def _unknown(self, why: str) -> Refused:
        schemes = ['Basic realm="driftd", charset="UTF-8"'] if self.knows_anybody else []
        return Refused(401, why, {"WWW-Authenticate": ", ".join([*schemes, 'Bearer realm="driftd"'])})

    @property
    def knows_anybody(self) -> bool:
        """Whether there is a token or a user."""
        return bool(self._settings.passwords or self._settings.options.tokens)

    def lets_read(self, request: Request, asker: Asker) -> bool:
        """Whether who asks may read all there is. A name that leads here is no proof of who asks: any site can have its
        own name lead to 127.0.0.1."""
        host = place_of(f"//{request.headers.get('host', '')}").hostname or ""
        is_here = is_loopback(self._settings.options.host) and is_loopback(host)
        return asker.may("read") or (is_here and not self._settings.passwords)

    def _may_read(self, request: Request, asker: Asker) -> None:
        if self.lets_read(request, asker):
            return
        raise self._unknown(
            "under a name or on an address that others reach, the API is read with a token (web.tokens, scope read) or "
            "as a user (basic_auth_users in the file of web.config)"
        )

    def _must_be_known(self, asker: Asker) -> None:
        if asker.kind != "anonymous":
            return
        if not self._settings.options.tokens:
            raise Refused(403, HOW)
        raise self._unknown("give any name and, as the password, a token (web.tokens)")

    def _may_reload(self, asker: Asker) -> None:
        if not self._settings.options.lifecycle and not asker.may("admin"):
            raise Refused(
                403, "reload over HTTP is off: set web.lifecycle: true, use a token of scope admin, or SIGHUP"
            )

    def _may_change(self, asker: Asker, scope: Access) -> None:
        if not self._settings.options.tokens:
            raise Refused(403, HOW)
        if asker.kind != "token":
            raise self._unknown(f"this needs a token of scope {scope}: Authorization: Bearer TOKEN")
        if not asker.may("admin" if scope == "admin" else "write"):
            raise Refused(403, f"token {asker.name!r} has no scope {scope}")
