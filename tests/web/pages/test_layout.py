"""What all pages have: rules that browsers hold them to, relative links, escaped names, nothing inline."""

import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from metrics.views import END, view
from web.folk import ROW
from web.memory import HOUR, TOKENS, Memory, bearer, client
from web.past import Remembered, moved, windows

from monitor.web.app import PAGES
from monitor.web.history import Happening
from monitor.web.pages.files import MEDIA, place
from monitor.web.pages.lanes import LANES

HOSTILE = '</script><img src=x onerror="alert(1)">\u202egpj'
STAMPS = "_".join(f"{at:%Y%m%dT%H%M%SZ}" for at in (END - HOUR, END))
PATHS: dict[str, str] = {"monitor": "churn", "window": STAMPS, "incident": ROW.id}
SHOWN = [route.path for route in PAGES if route.is_page and "GET" in route.methods and route.path != "/sign-in"]


class Elements(HTMLParser):
    """Every element with its attributes, and texts of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def places(self) -> list[str]:
        """Where links and files lead to."""
        return [value for _, attrs in self.found for name in ("href", "src", "action") if (value := attrs.get(name))]


def hostile() -> Memory:
    """A daemon in which everything that is told was named by somebody else."""
    past = Remembered(
        windows=[replace(one, violated={HOSTILE: (HOSTILE,)}, reason=HOSTILE) for one in windows(HOSTILE, "age")],
        findings=(moved(HOSTILE, why=HOSTILE, rule=HOSTILE),),
        happenings=[Happening(lane=lane, start=END - HOUR, end=END, text=HOSTILE, key=HOSTILE) for lane in LANES],
    )
    known = view("churn", (HOSTILE, "age"), labels={HOSTILE: HOSTILE}, model=HOSTILE, trouble=HOSTILE)
    made = Memory(views=(known, view(HOSTILE, (HOSTILE,))), past=past, config=HOSTILE)
    made.people.row = replace(made.people.row, why=HOSTILE)
    return made


def page(path: str, daemon: Memory | None = None, **options: Any) -> Any:
    return client(daemon, **options).get(path.format(**PATHS))


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_is_held_to_rules_that_let_nothing_foreign_run(path: str) -> None:
    headers = page(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", SHOWN)
def test_nothing_on_a_page_is_inline(path: str) -> None:
    answer = page(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for tag, attrs in Elements(answer.text).found:
        assert tag != "style"
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        assert tag != "script" or "src" in attrs


@pytest.mark.parametrize("path", SHOWN)
def test_links_are_relative_so_that_a_prefix_makes_no_difference(path: str) -> None:
    plain, below = page(path), client(prefix="/driftd").get("/driftd" + path.format(**PATHS))
    assert plain.text == below.text
    links = Elements(plain.text).places()
    assert links
    assert [link for link in links if not link.startswith(("./", "../", "#", "?"))] == []


@pytest.mark.parametrize("path", SHOWN)
def test_a_hostile_name_stays_text(path: str) -> None:
    text = page(path, hostile()).text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "&lt;/script&gt;&lt;img" in text


def test_why_there_is_no_page_is_told_in_a_page() -> None:
    answer = client(listen="0.0.0.0:1").get("/sign-in")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "web.tokens" in answer.text


@pytest.mark.parametrize("name", MEDIA)
def test_a_file_is_kept_for_long_under_the_digest_of_what_is_in_it(name: str) -> None:
    answer = client().get(f"/{place(name)}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].partition(";")[0] == MEDIA[name]
    assert hashlib.sha256(answer.content).hexdigest()[:12] in place(name)
    assert client().get(f"/static/000000000000/{name}").status_code == 404


def test_what_others_wrote_is_unchanged_and_has_its_licence() -> None:
    folder = files("monitor.web.pages") / "static"
    rows = [row.split(" | ") for row in (folder / "VENDOR.md").read_text().splitlines() if row.count("|") > 6][2:]
    found = {row[0].strip("| "): row for row in rows}
    assert set(found) == {"htmx.min.js", "uplot.min.js", "uplot.min.css"}
    for name, row in found.items():
        assert row[5].strip(" |") == hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert (folder / row[4].split(", ")[1]).read_text()


def test_no_script_of_the_pages_makes_code_of_text() -> None:
    ours = (files("monitor.web.pages") / "static" / "driftd.js").read_text()
    assert not re.search(r"\beval\b|new Function|innerHTML|setTimeout\(['\"]", ours)


@pytest.mark.parametrize("broken", [{"unhealthy": "its loop stands still"}, {"unready": "starting"}])
def test_how_the_daemon_is_stands_on_every_page(broken: dict[str, str]) -> None:
    assert "running" in page("/").text
    (told,) = broken.values()
    assert told in page("/", Memory(**broken)).text


def test_signing_in_is_offered_where_there_is_anybody_to_sign_in_as() -> None:
    assert "sign-in" not in page("/").text
    assert 'href="./sign-in"' in page("/", tokens=TOKENS).text
    assert "a token (web.tokens) or a user (web.config) is needed" in page("/", listen="0.0.0.0:1").text


def test_a_token_is_the_password_of_any_name_for_a_browser() -> None:
    browser = client(listen="0.0.0.0:1", tokens=TOKENS)
    asked = browser.get("/sign-in")
    assert (asked.status_code, asked.headers["www-authenticate"].startswith("Basic ")) == (401, True)
    known = browser.get("/sign-in", auth=("me", "w-secret"))
    assert (known.status_code, known.headers["location"]) == (303, "./")
    assert "Signed in as writer" in browser.get("/", auth=("me", "w-secret")).text
    assert browser.get("/sign-in", auth=("writer", "wrong")).status_code == 401
    assert browser.get("/sign-in", headers=bearer("reader")).status_code == 303
    assert json.loads(browser.get("/api/v1/monitors", auth=("", "r-secret")).text)["status"] == "success"
