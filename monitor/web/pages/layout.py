"""What all pages have: the frame around them, the rules that browsers hold them to, how numbers and times are shown.

Templates are filled with everything escaped; besides, whatever does not print becomes an escape first, so that a name
from captures can neither make an element nor turn the direction of writing. Nothing is marked as safe. Links are
relative, so that a prefix or a proxy makes no difference.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from monitor import __version__, wording
from monitor.errors import MonitorError
from monitor.render.untrusted import shown
from monitor.web.envelope import Refused
from monitor.web.pages import files, moments, places
from monitor.web.table import Asked

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# With no-referrer a browser would send our own forms as if from nowhere: `Origin: null`.
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
NAVIGATION = (
    ("", "Monitors"), ("incidents", "Incidents"), ("baselines", "Baselines"), ("config", "Configuration"),
    ("audit", "Audit"), ("status", "Status"),
)  # fmt: skip
LONGEST, NAME, BRIEF = 2000, 48, 80  # characters of any one text, of a name, and of a line, that are shown

Crumbs = Sequence[tuple[str, str]]
"""Where one is: text and place of each page above this one, the nearest last."""


def page(
    asked: Asked, template: str, *, title: str, crumbs: Crumbs = (), twin: str = "", code: int = 200, **values: Any
) -> Response:
    """A page made of a template; `twin` is where the API says the same as JSON."""
    common = {
        "root": asked.root,
        "title": title,
        "crumbs": crumbs,
        "twin": twin,
        "asker": asked.asker,
        "reads": asked.reads,
        "is_knowable": asked.is_knowable,
        "changes": asked.asker.may("write"),
        "state": _state(asked),
        "here": asked.route,
    }
    text = environment().get_template(template).render({**common, **values})
    return HTMLResponse(text, code, HEADERS)


def refusal(asked: Asked, refused: Refused) -> Response:
    """Why there is no page, in a page."""
    answer = page(asked, "refused.html.j2", title=_called(refused.code), code=refused.code, why=refused.why)
    answer.headers.update(refused.headers)
    return answer


def _called(code: int) -> str:
    return {401: "Sign in", 403: "Not allowed", 404: "Not found", 409: "Not now"}.get(code, "Not possible")


def _state(asked: Asked) -> tuple[str, str]:
    """How the daemon is: a word for its colour, and what is to be said."""
    try:
        for told in (asked.daemon.healthy(), asked.daemon.ready()):
            if told:
                return "failed", told
        if not asked.daemon.runtime().get("is_leader", True):
            return "unknown", "stands by: another instance judges"
    except MonitorError as error:
        return "failed", str(error)
    return "ok", "running"


@cache
def environment() -> Environment:
    """The templates, compiled once: files that an upgrade changes are of the next start."""
    made = Environment(
        loader=PackageLoader("monitor.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"file": files.place, "places": places, "version": __version__, "navigation": NAVIGATION}
    made.filters |= {
        "name": lambda text: shown(text, NAME),
        "brief": lambda text: shown(text, BRIEF),
        "number": wording.number,
        "percent": wording.percent,
        "count": wording.count,
        "counted": wording.counted,
        "time": moments.moment,
        "iso": moments.iso,
        "ago": moments.ago,
        "stretch": moments.stretch,
        "lasting": moments.lasting,
        "seconds": lambda value: f"{value:.2g} s" if value < 10 else f"{value:.0f} s",
        "data": _data,
    }
    for name in made.list_templates():
        made.get_template(name)
    return made


def _printable(value: Any) -> Any:
    """A text as it can be shown; what the template made itself (a subclass of str) stays."""
    return shown(value, LONGEST) if type(value) is str else value


class _Data(str):
    """JSON that is no longer than it must be, and is not cut."""

    __slots__ = ()


def _data(value: Any) -> str:
    """What a script of the page reads, as JSON in an attribute: escaped as any text is, and whole."""
    return _Data(json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False))
