"""How the daemon does, and the configuration in effect."""

from starlette.responses import Response

from monitor.web.pages import layout, places
from monitor.web.table import Asked, Route
from monitor.wording import count

MOST_LETTERS, MOST_NAMED = 50, 20
LABELS = {
    "version": "version",
    "python": "Python",
    "started": "started",
    "monitors": "monitors",
    "workers": "workers",
    "workers_busy": "workers at work",
    "store": "store",
    "store_size_bytes": "size of the store",
    "config_digest": "digest of the configuration",
}
"""What is shown of how it has been running, and as what."""


def status(asked: Asked) -> Response:
    """Alive, ready, leading; the store, the workers, what waits."""
    daemon = asked.daemon
    runtime = daemon.runtime()
    is_leader = bool(runtime.get("is_leader", True))
    views = daemon.snapshot().monitors
    waiting = sorted(((view.pending or 0, view.name) for view in views if view.pending), reverse=True)
    return layout.page(
        asked,
        "status.html.j2",
        title="Status",
        twin=f"{places.API}/status/runtimeinfo",
        unhealthy=daemon.healthy(),
        unready=daemon.ready(),
        is_leader=is_leader,
        facts=[(LABELS[name], _told(name, runtime[name])) for name in LABELS if runtime.get(name) is not None],
        flags=[(name, str(text)) for name, text in daemon.flags().items()],
        waiting=[(name, many) for many, name in waiting[:MOST_NAMED]],
        waiting_count=sum(many for many, _ in waiting),
        troubled=[(view.name, view.trouble) for view in views if view.trouble][:MOST_NAMED],
        paused=[view.name for view in views if not view.enabled],
        letters=daemon.people.dead_letters(MOST_LETTERS, "").items if is_leader else (),
    )


def _told(name: str, value: object) -> str:
    if name == "store_size_bytes" and isinstance(value, int):
        return f"{count(value)} bytes"
    return f"{value}"


def config(asked: Asked) -> Response:
    """Every key with its value, defaults too, secrets hidden."""
    return layout.page(
        asked,
        "config.html.j2",
        title="Configuration",
        twin=f"{places.API}/status/config",
        lines=asked.daemon.config_text().splitlines(),
    )


ROUTES = (
    Route(path="/config", handler=config, about="The configuration in effect.", media=("text/html",)),
    Route(path="/status", handler=status, about="How the daemon does.", media=("text/html",)),
)
