"""A walk through the pages: from the first one along every link, a few pages of each kind looked at in a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlsplit

from browser import Browser

AXE = Path(__file__).parent / "data" / "axe" / "axe.min.js"
LINKS = "[...document.querySelectorAll('a')].map(a => new URL(a.href.baseVal ?? a.href, location).href)"
SERIOUS = """\
axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(found.violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary])))"""
PARTS = {
    r"/monitors/[^/]+": "/monitors/MONITOR",
    r"/windows/[^/]+": "/windows/WINDOW",
    r"/reports/[^/]+": "/reports/WINDOW",
    r"/incidents/[^/]+": "/incidents/INCIDENT",
    r"/static/[^/]+": "/static/DIGEST",
}


def kind(address: str) -> str:
    """Of what kind a page is: its address with a word for each name in it, and what it is asked for."""
    found = urlsplit(address)
    path = found.path
    for part, word in PARTS.items():
        path = re.sub(part, word, path)
    asked = "&".join(sorted({key for key, _ in parse_qsl(found.query, keep_blank_values=True)}))
    return f"{path}?{asked}" if asked else path


def is_page(address: str) -> bool:
    """Whether people look at it."""
    path = urlsplit(address).path
    return path.endswith("/report.html") or not re.search(r"/(api/v1|static|metrics|-)(/|$)|/sign-in", path)


@dataclass
class Walk:
    """What was opened, by kind, and every link that was seen there, with the page that has it."""

    root: str
    most: int = 2
    opened: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def pages(self, chromium: Browser) -> Iterator[str]:
        """Open one page after the other, each as soon as it is known; at most so many of a kind."""
        waiting = [self.root]
        while waiting:
            address = waiting.pop(0)
            seen = self.opened.setdefault(kind(address), [])
            if len(seen) >= self.most or address in seen:
                continue
            seen.append(address)
            chromium.open(address, width=1280)
            for link in chromium.value(LINKS):
                found, _ = urldefrag(link)
                if found.startswith(self.root) and found not in self.links:
                    self.links[found] = address
                    waiting += [found] if is_page(found) else []
            yield address


def faults(chromium: Browser) -> list[Any]:
    """What of the page that is open is a serious or critical fault of accessibility. A report that a daemon serves lets
    no script run, ours neither: it is asked where it is opened as a file."""
    if chromium.value("location.protocol.startsWith('http') && location.pathname.endsWith('/report.html')"):
        return []
    if chromium.value("typeof axe") != "object":
        chromium.value(AXE.read_text(encoding="utf-8") + "; 0")
    found: list[Any] = chromium.awaited(SERIOUS)
    return found
