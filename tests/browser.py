"""Debian's Chromium without a window, told what to do over a pipe (DevTools protocol); no call waits for ever."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 30.0  # seconds for an answer
QUIET = 0.3  # seconds that a loaded page is listened to besides


def chromium() -> str:
    """Where it is; without it the test is skipped, on CI it fails."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":  # noqa: TID251  a test may ask where it runs
            pytest.fail("needs chromium: apt-get install chromium")
        pytest.skip("needs chromium")
    return found


class Browser:
    """One browser with one page. What the page asked of the network and told its console is kept."""

    def __init__(self, process: "subprocess.Popen[bytes]", send: int, receive: int) -> None:
        self.process, self._send, self._receive = process, send, receive
        self._rest, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []

    def open_page(self) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer; events that come before it are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._send, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda found: found.get("id") == self._number, PATIENCE)
        assert answer is not None, f"{method}: no answer in {PATIENCE:g} seconds"
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def show(self, page: Path, *, width: int = 1100, dark: bool = False) -> None:
        """Load a file as a screen of this width would, and listen a little longer."""
        self.open(page.as_uri(), width=width, dark=dark)

    def open(self, address: str, *, width: int = 1100, dark: bool = False) -> None:
        """Load an address so."""
        self.events.clear()
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=address)
        if not self._named("Page.loadEventFired"):
            loaded = self._until(lambda found: found.get("method") == "Page.loadEventFired", PATIENCE)
            assert loaded is not None, f"{address}: not loaded in {PATIENCE:g} seconds"
        self._until(lambda found: False, QUIET)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression is on the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def awaited(self, expression: str) -> Any:
        """What a promise of JSON comes to."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return json.loads(found["result"]["value"])

    def becomes(self, expression: str, expected: Any) -> bool:
        """Whether an expression comes to be that, in the time that an answer may take."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.value(expression) == expected:
                return True
            self._until(lambda found: False, QUIET)
        return False

    def fetched(self, url: str) -> int:
        """The code of the answer to a request that the page makes."""
        expression = f"fetch({json.dumps(url)}).then(answer => answer.status)"
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        code: int = found["result"].get("value", 0)
        return code

    def submitted(self, form: str) -> None:
        """Press the button of a form, and see the page that comes then."""
        self.events.clear()
        self.value(f"document.querySelector({json.dumps(form)}).querySelector('button').click()")
        if not self._named("Page.loadEventFired"):
            loaded = self._until(lambda found: found.get("method") == "Page.loadEventFired", PATIENCE)
            assert loaded is not None, f"{form}: no page in {PATIENCE:g} seconds"

    @property
    def requests(self) -> list[str]:
        """Addresses that the page asked for, itself included."""
        return [event["params"]["request"]["url"] for event in self._named("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[str]:
        """What stood on the console, of any kind."""
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [json.dumps(event["params"]) for kind in kinds for event in self._named(kind)]

    def _named(self, method: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("method") == method]

    def _until(self, is_it: Any, seconds: float) -> dict[str, Any] | None:
        end = time.monotonic() + seconds
        while True:
            while b"\0" in self._rest:
                raw, self._rest = self._rest.split(b"\0", 1)
                found: dict[str, Any] = json.loads(raw)
                self.events.append(found)
                if is_it(found):
                    return found
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._receive], [], [], left)[0]:
                return None
            part = os.read(self._receive, 1 << 20)
            assert part, "the browser has ended"
            self._rest += part


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser whose files lie in the folder; at the end it and its own children are gone."""
    to_read, send = os.pipe()
    receive, to_write = os.pipe()
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
    command = [chromium(), *flags, "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"]

    def third_and_fourth() -> None:
        """Chromium reads commands from descriptor 3 and answers on 4."""
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)

    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(3, 4),
        preexec_fn=third_and_fourth,
        start_new_session=True,
    )
    os.close(to_read)
    os.close(to_write)
    try:
        found = Browser(process, send, receive)
        found.open_page()
        yield found
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        os.close(send)
        os.close(receive)
