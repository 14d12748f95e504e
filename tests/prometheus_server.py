"""Debian's Prometheus and Alertmanager on free loopback ports, set up by the test; no wait is for ever."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

PATIENCE = 30.0  # seconds, for a start, an answer, an end
PAUSE = 0.1  # seconds between two looks
T = TypeVar("T")


def tool(name: str) -> str:
    """Where the program is; without it the test is skipped, on CI it fails."""
    found = shutil.which(name)
    if found is None:
        package = {"promtool": "prometheus", "amtool": "prometheus-alertmanager", "systemd-analyze": "systemd"}
        told = f"needs {name}: apt-get install --no-install-recommends {package.get(name, name)}"
        if os.environ.get("CI") == "true":  # noqa: TID251  a test may ask where it runs
            pytest.fail(told)
        pytest.skip(told)
    return found


def free_address() -> str:
    """An address on loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{one.getsockname()[1]}"


def awaited(look: Callable[[], T], patience: float = PATIENCE) -> T:
    """What `look` finds once it finds something; the last that it found is told when it never does."""
    end = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience:g} s; last seen: {found!r}")
        time.sleep(PAUSE)
    return found


def fetched(url: str, body: Any = None) -> Any:
    """The JSON document, or the text, at an address; None where nobody answers or the answer is no success."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None
    return json.loads(text) if text.startswith(("{", "[")) else text or "ok"


@dataclass(frozen=True, kw_only=True)
class Prometheus:
    """A running one."""

    address: str
    folder: Path

    def query(self, expression: str) -> list[tuple[Mapping[str, str], float]]:
        """An instant query: labels and value of each series."""
        found = fetched(f"http://{self.address}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")
        assert found is not None, f"query {expression}: refused"
        assert found["status"] == "success", found
        return [(one["metric"], float(one["value"][1])) for one in found["data"]["result"]]

    def value(self, expression: str) -> float | None:
        """The value of the only series; None where there is none."""
        found = self.query(expression)
        assert len(found) < 2, found
        return found[0][1] if found else None

    def alerts(self, state: str = "firing") -> list[Mapping[str, str]]:
        """Labels of the alerts in this state."""
        found = fetched(f"http://{self.address}/api/v1/alerts")["data"]["alerts"]
        return [one["labels"] for one in found if one["state"] == state]

    def rules(self) -> list[Mapping[str, Any]]:
        """Every rule with its health: ok, unknown (not evaluated yet) or err, and the last error."""
        groups = fetched(f"http://{self.address}/api/v1/rules")["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def scraped(self, times: int = 1) -> None:
        """Wait for so many scrapes that begin after this moment."""
        for _ in range(times):
            since = time.time()  # noqa: TID251  compared with the server's clock, this machine's
            awaited(lambda since=since: (self.value("max(timestamp(up))") or 0) > since)


@dataclass(frozen=True, kw_only=True)
class Alertmanager:
    """A running one."""

    address: str
    folder: Path

    def alerts(self) -> list[Mapping[str, Any]]:
        """All alerts it holds, as its API tells them: labels, annotations, status, receivers."""
        found = fetched(f"http://{self.address}/api/v2/alerts")
        assert isinstance(found, list), found
        return found

    def named(self, name: str) -> list[Mapping[str, Any]]:
        return [one for one in self.alerts() if one["labels"]["alertname"] == name]

    def push(self, *alerts: Mapping[str, Any]) -> None:
        """Tell it of alerts as a Prometheus would."""
        assert fetched(f"http://{self.address}/api/v2/alerts", list(alerts)) is not None


@contextmanager
def prometheus(
    scrape: str | Mapping[str, str],
    rules: Sequence[Path] = (),
    alertmanagers: Sequence[str] = (),
    scrape_interval: str = "1s",
    job: str = "driftd",
) -> Iterator[Prometheus]:
    """One that scrapes `scrape` (host:port; or job by host:port), with these rule files, and is ready."""
    targets = {scrape: job} if isinstance(scrape, str) else scrape
    document = {
        "global": {"scrape_interval": scrape_interval, "evaluation_interval": scrape_interval},
        "rule_files": [str(path.resolve()) for path in rules],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": list(alertmanagers)}]}]},
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [a for a, n in targets.items() if n == name]}]}
            for name in dict.fromkeys(targets.values())
        ],
    }
    with tempfile.TemporaryDirectory(prefix="prometheus") as name:
        folder, address = Path(name), free_address()
        (folder / "prometheus.yml").write_text(yaml.safe_dump(document))
        flags = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
        flags += ["--web.enable-lifecycle", "--log.level=warn", "--rules.alert.resend-delay=1s"]
        with _server([tool("prometheus"), *flags], folder, f"http://{address}/-/ready"):
            yield Prometheus(address=address, folder=folder)


@contextmanager
def alertmanager(config: Path | None = None) -> Iterator[Alertmanager]:
    """One with this configuration (by default one receiver that does nothing) that is ready and has no peers."""
    with tempfile.TemporaryDirectory(prefix="alertmanager") as name:
        folder, address = Path(name), free_address()
        text = config.read_text() if config else "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
        (folder / "alertmanager.yml").write_text(text)
        flags = ["--config.file=alertmanager.yml", "--storage.path=data", f"--web.listen-address={address}"]
        flags += ["--cluster.listen-address=", "--log.level=warn"]
        with _server([tool("prometheus-alertmanager"), *flags], folder, f"http://{address}/-/ready"):
            yield Alertmanager(address=address, folder=folder)


@contextmanager
def _server(command: Sequence[str], folder: Path, ready: str) -> Iterator[None]:
    """A child that answers at `ready`; it is ended by its id, whatever happens."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:

        def answers() -> bool:
            assert process.poll() is None, f"{command[0]} ended by itself:\n{log.read_text()[-2000:]}"
            return fetched(ready) is not None

        awaited(answers)
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
