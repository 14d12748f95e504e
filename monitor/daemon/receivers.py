"""The receivers of a configuration's routes, made ready; and which of them an event goes to."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from monitor.actions.alertmanager import Alertmanager
from monitor.actions.apprise import Apprise
from monitor.actions.email import Email
from monitor.actions.guard import Guard, networks
from monitor.actions.receiver import Receiver
from monitor.actions.secret import Secret
from monitor.actions.sending import Client
from monitor.actions.webhook import Webhook
from monitor.config.actions import ActionLine
from monitor.config.grammar import Config
from monitor.config.routes import Mail, Route
from monitor.errors import ConfigError
from monitor.event import Event
from monitor.store import deeds
from monitor.store.incidents import STANDING


def receivers(config: Config) -> dict[str, Receiver]:
    """By the name of their route; webhooks that are actions as deliveries call them.

    Raises ConfigError with a line for every one that cannot be made.
    """
    found: dict[str, Receiver] = {}
    wrong = []
    for route in config.routes:
        try:
            found[route.name] = receiver(route)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            wrong.append(f"routes: {route.name}: {error}")
    for name, monitor in config.monitors.items():
        for line in monitor.actions:
            try:
                found |= {deeds.receiver(name, line.name): _webhook(line.webhook, line)} if line.webhook else {}
            except (OSError, UnicodeDecodeError, ValueError) as error:
                wrong.append(f"monitors: {name}: actions: {line.name}: {error}")
    if wrong:
        raise ConfigError("\n".join(wrong))
    return found


def receiver(route: Route) -> Receiver:
    """The receiver of one route; its secrets are read from their files. ValueError and OSError say what is wrong."""
    guard = Guard(allow=networks(route.allow))
    if route.webhook is not None:
        return _webhook(route.webhook, route)
    if route.alertmanager:
        urls, client = tuple(Secret(url) for url in route.alertmanager), Client(guard=guard)
        return Alertmanager(urls=urls, token=_secret(route.token_file), client=client)
    if route.email is not None:
        return _mail(route.email, guard)
    url = _secret(route.apprise_file)
    assert url is not None
    return Apprise(url=url)


def going_to(event: Event, routes: Sequence[Route], named: Mapping[str, Sequence[str] | None]) -> list[str]:
    """The names of the routes that an event goes by; `named` are those that a monitor tells, None for all."""
    return [route.name for route in concerned(event, routes, named) if event.is_at_least(route.severity)]


def too_quiet_for(event: Event, routes: Sequence[Route], named: Mapping[str, Sequence[str] | None]) -> list[str]:
    """The names of the routes that bring an event with their digest: it is not severe enough to be told at once."""
    found = concerned(event, routes, named)
    return [route.name for route in found if route.digest != "never" and not event.is_at_least(route.severity)]


def concerned(event: Event, routes: Sequence[Route], named: Mapping[str, Sequence[str] | None]) -> list[Route]:
    """The routes that hear of such an event, however severe it is."""
    only = named.get(event.monitor)
    return [
        route
        for route in routes
        if (only is None or route.name in only)
        and (not route.alertmanager or event.kind in STANDING)  # what fires: anything else would be an alert, too
        and (route.resolved or event.status == "firing")
        and any(fnmatchcase(event.monitor, glob) for glob in route.monitors)
        and any(fnmatchcase(event.kind, glob) for glob in route.events)
    ]


def acting_on(event: Event) -> list[str]:
    """The receiver of an event that asks for an action; none of any other."""
    return [deeds.receiver(event.monitor, event.subject)] if event.kind == "action.requested" else []


def _webhook(url: str, said: Route | ActionLine) -> Webhook:
    client = Client(guard=Guard(allow=networks(said.allow)))
    return Webhook(url=Secret(url), secrets=_secrets(said.secret_file), token=_secret(said.token_file), client=client)


def _mail(mail: Mail, guard: Guard) -> Email:
    return Email(
        host=mail.host,
        port=mail.port,
        encryption=mail.encryption,
        sender=mail.sender,
        to=mail.to,
        user=mail.user,
        password=_secret(mail.password_file),
        guard=guard,
    )


def _secret(file: Path | None) -> Secret | None:
    return None if file is None else Secret(file.read_text(encoding="utf-8").strip())


def _secrets(file: Path | None) -> tuple[Secret, ...]:
    """A line each: the newest signs first, and the one before it as long as receivers still know that."""
    lines = file.read_text(encoding="utf-8").split() if file is not None else []
    return tuple(Secret(line) for line in lines)
