"""Apprise: an event to a chat, a pager or a hundred other services, by the library of that name (extra `notify`).

The library connects by itself, without the guard; it runs in a child with limits of time and memory, an empty
environment and no files, so what a service answers, however much and slowly, is no concern of the daemon's.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.actions.texts import plain, title
from monitor.child.parent import Child, ChildFailed, Limits
from monitor.event import Event

LIMITS = Limits(memory_bytes=256 << 20, seconds=20.0, answer_bytes=64 << 10)
KINDS = {"info": "info", "warning": "warning", "page": "failure"}
UNREAD = "is no URL that apprise reads, or of a service that needs another package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apprise:
    """`url` is as apprise writes them (slack://..., pagerduty://...). It is a secret as a whole."""

    url: Secret
    limits: Limits = LIMITS

    def __post_init__(self) -> None:
        if find_spec("apprise") is None:
            raise ValueError("apprise is not installed; pip install 'driftd[notify]' would be right")
        if "://" not in self.url.text or not self.url.text.isprintable():
            raise ValueError("url: one as apprise has them, such as slack://tokenA/tokenB/tokenC, would be right")

    def send(self, event: Event, now: datetime) -> Outcome:  # noqa: ARG002  as all receivers are called
        """What came of it. Apprise says whether and not why; so a failure may be better another time."""
        kind = "success" if event.status == "resolved" else KINDS[event.severity]
        task = {"url": self.url.text, "title": title(event), "body": plain(event), "kind": kind}
        try:
            with Child("monitor.actions.apprise:told", self.limits) as child:
                answer, _ = child.call(task)
        except ChildFailed as error:
            return Outcome(kind="again", why=f"{self._place}: {error.reason}")  # its text may show the URL
        if answer["said"] == "unread":
            return Outcome(kind="refused", why=f"{self._place}: {UNREAD}")
        if answer["said"] == "sent":
            return Outcome(kind="delivered")
        return Outcome(kind="again", why=f"{self._place}: {answer['said']}")

    @property
    def _place(self) -> str:
        return f"{self.url.text.partition('://')[0][:20]}://***"


def told(task: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:  # noqa: ARG001
    """The child's part: whether the service took it. No attachments, templates, plug-ins, redirects or stored state."""
    import apprise

    asset = apprise.AppriseAsset(
        app_id="driftd", app_desc="driftd", app_url="", async_mode=False, http_redirects=False, pgp_autogen=False,
        pem_autogen=False, plugin_paths=[], allow_templates=False, storage_mode=apprise.PersistentStoreMode.MEMORY,
    )  # fmt: skip
    try:
        service = apprise.Apprise.instantiate(task["url"], asset=asset)
        if service is None:
            return {"said": "unread"}, b""
        sender = apprise.Apprise(asset=asset)
        sender.add(service)
        is_sent = sender.notify(body=task["body"], title=task["title"], notify_type=task["kind"], body_format="text")
    except Exception as error:  # noqa: BLE001  of a plug-in: its text may show the URL
        return {"said": type(error).__name__}, b""
    return {"said": "sent" if is_sent else "not taken"}, b""
