"""`driftd health`, as a container asks."""

import socket
from collections.abc import Iterator
from pathlib import Path

import command
import pytest
from daemons import START, Farm, serving
from web.certificates import certificate

from monitor.daemon.service import Service


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.write()
    return made


@pytest.fixture
def service(farm: Farm) -> Iterator[Service]:
    with serving(farm, START) as (made, _):
        yield made


def address(service: Service) -> str:
    return service.address.split("//")[1].rstrip("/")


def test_a_daemon_that_is_alive_and_ready_is_well(service: Service) -> None:
    alive = command.driftd("health", "--address", address(service))
    ready = command.driftd("health", "--address", address(service), "--ready")
    assert (alive.code, alive.out) == (0, "driftd is healthy.\n")
    assert (ready.code, ready.out) == (0, "driftd is ready.\n")


def test_one_that_stops_is_alive_and_not_ready(service: Service) -> None:
    service.state.is_stopping = True
    assert command.driftd("health", "--address", address(service)).code == 0
    ready = command.driftd("health", "--address", address(service), "--ready")
    assert (ready.code, ready.out) == (1, "stopping\n")
    service.state.is_stopping = False


def test_where_nobody_listens_it_is_not_well() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ran = command.driftd("health", "--address", f"127.0.0.1:{port}")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"driftd: 127.0.0.1:{port}: no answer: ")


@pytest.mark.parametrize("given", ["localhost", "localhost:", "localhost:port", "[::1"])
def test_an_address_that_is_none_is_no_answer(given: str) -> None:
    ran = command.driftd("health", "--address", given)
    assert ran.code == 1
    assert ran.err.startswith(f"driftd: {given}: no answer")


def test_the_configuration_says_where_and_under_which_prefix(farm: Farm) -> None:
    farm.write()
    farm.config.write_text(farm.config.read_text().replace("web: {", "web: {prefix: /driftd, "))
    with serving(farm, START) as (service, _):
        port = address(service).removesuffix("/driftd").rpartition(":")[2]
        farm.config.write_text(farm.config.read_text().replace("127.0.0.1:0", f":{port}"))
        assert command.driftd("health", "--config", farm.config, "--ready").code == 0
        assert command.driftd("health", "--address", f"127.0.0.1:{port}").code == 1, (
            "the prefix is in the configuration"
        )


@pytest.mark.parametrize("is_tls", [True, False])
def test_the_web_configuration_says_whether_tls_is_spoken(farm: Farm, is_tls: bool) -> None:
    certificate(farm.folder, "a")
    tls = "tls_server_config: {cert_file: a.crt, key_file: a.key}\n"
    (farm.folder / "web.yml").write_text(tls if is_tls else f"basic_auth_users: {{}}\n# {tls}")
    farm.config.write_text(farm.config.read_text().replace("web: {", "web: {config: web.yml, "))
    with serving(farm, START) as (service, _):
        assert service.address.startswith("https" if is_tls else "http:")
        farm.config.write_text(farm.config.read_text().replace(":0", f":{address(service).rpartition(':')[2]}"))
        ran = command.driftd("health", "--config", farm.config)
        assert (ran.code, ran.out) == (0, "driftd is healthy.\n")
