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
from monitor.config.grammar import Config
from monitor.config.routes import Mail, Route
from monitor.errors import ConfigError
from monitor.event import Event
from monitor.store.incidents import SAID


def receivers(config: Config) -> dict[str, Receiver]:
    """By the name of their route. Raises ConfigError with a line for every one that cannot be made."""
    found: dict[str, Receiver] = {}
    wrong = []
    for route in config.routes:
        try:
            found[route.name] = receiver(route)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            wrong.append(f"routes: {route.name}: {error}")
    if wrong:
        raise ConfigError("\n".join(wrong))
    return found


def receiver(route: Route) -> Receiver:
    """The receiver of one route; its secrets are read from their files. ValueError and OSError say what is wrong."""
    guard = Guard(allow=networks(route.allow))
    client, token = Client(guard=guard), _secret(route.token_file)
    if route.webhook is not None:
        secrets = _secrets(route.secret_file)
        return Webhook(url=Secret(route.webhook), secrets=secrets, token=token, client=client)
    if route.alertmanager:
        return Alertmanager(urls=tuple(Secret(url) for url in route.alertmanager), token=token, client=client)
    if route.email is not None:
        return _mail(route.email, guard)
    url = _secret(route.apprise_file)
    assert url is not None
    return Apprise(url=url)


def going_to(event: Event, routes: Sequence[Route], named: Mapping[str, Sequence[str] | None]) -> list[str]:
    """The names of the routes that an event goes by; `named` are those that a monitor tells, None for all.

    To an Alertmanager what people say of an incident would be an alert of its own.
    """
    only = named.get(event.monitor)
    return [
        route.name
        for route in routes
        if (only is None or route.name in only)
        and event.is_at_least(route.severity)
        and (route.resolved or event.status == "firing")
        and any(fnmatchcase(event.monitor, glob) for glob in route.monitors)
        and any(fnmatchcase(event.kind, glob) for glob in route.events)
        and not (route.alertmanager and event.kind in SAID)
    ]


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
