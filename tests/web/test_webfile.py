"""The web configuration file: what the toolkit takes we take, or refuse by name; Prometheus' own tool is the oracle."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from web.certificates import certificate

from monitor.errors import ConfigError
from monitor.web.webfile import load

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None and not os.getenv("CI"), reason="promtool is not installed")
HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"  # the toolkit's own example
TLS = "tls_server_config: {{cert_file: a.crt, key_file: a.key{}}}"

GOOD = [
    "",
    "basic_auth_users: {}",
    f"basic_auth_users: {{ann: {HASH}}}",
    TLS.format(""),
    TLS.format(", min_version: TLS12, max_version: TLS13, client_auth_type: NoClientCert"),
    TLS.format(", client_auth_type: RequireAndVerifyClientCert, client_ca_file: a.crt"),
    TLS.format(", client_auth_type: VerifyClientCertIfGiven, client_ca_file: a.crt"),
    "http_server_config: {http2: false, headers: {X-Frame-Options: deny, Strict-Transport-Security: max-age=9}}",
    TLS.format("") + f"\nbasic_auth_users: {{ann: {HASH}}}\n",
]
BOTH_REFUSE = [
    ("basic_auth_user: {a: b}", "did you mean 'basic_auth_users'?"),
    ("tls_server_config: {cert_file: a.crt}", "'key_file' is missing"),
    ("tls_server_config: {cert_file: none.crt, key_file: a.key}", "there is no such file"),
    (TLS.format(", client_ca_file: a.crt"), "client_ca_file without client_auth_type"),
    (TLS.format(", min_version: TLS14"), "TLS12"),
    (TLS.format(", client_auth_type: Sometimes"), "NoClientCert"),
    ("http_server_config: {headers: {X-Mine: a}}", "header 'X-Mine' cannot be set"),
    ("http_server_config: {headers: {X-Frame-Options: maybe}}", "deny or sameorigin would be right"),
    ("basic_auth_users: [ann]", "basic_auth_users"),
    ("rate_limit: {interval: 1s, burst: 3}", "not supported"),
]
WE_REFUSE = [
    (TLS.format(", min_version: TLS10"), "TLS10: not supported"),
    (TLS.format(", cipher_suites: [TLS_AES_128_GCM_SHA256]"), "cipher_suites: not supported"),
    (TLS.format(", curve_preferences: [X25519]"), "curve_preferences: not supported"),
    (TLS.format(", client_auth_type: RequestClientCert"), "RequestClientCert: not supported"),
    (TLS.format(", client_auth_type: RequireAndVerifyClientCert"), "without client_ca_file"),
    (TLS.format(", min_version: TLS13, max_version: TLS12"), "is above max_version"),
    (TLS.format(", cert: x"), "cert_file and key_file would be right"),
    ("http_server_config: {http2: true}", "`http2: false`"),
    ("basic_auth_users: {ann: plain-text-password}", "not a bcrypt hash"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("web")
    certificate(made, "a")
    return made


def written(folder: Path, text: str) -> Path:
    path = folder / "web.yml"
    path.write_text(text)
    return path


def checked(path: Path) -> int:
    assert PROMTOOL is not None, "promtool is missing; Debian's package prometheus has it"
    return subprocess.run([PROMTOOL, "check", "web-config", path], capture_output=True, timeout=60).returncode


@pytest.mark.parametrize("text", GOOD)
def test_what_the_toolkit_takes_is_taken(text: str, folder: Path) -> None:
    load(written(folder, text))


@needs_promtool
@pytest.mark.parametrize("text", GOOD)
def test_promtool_takes_what_we_take(text: str, folder: Path) -> None:
    assert checked(written(folder, text)) == 0


@pytest.mark.parametrize(("text", "word"), [*BOTH_REFUSE, *WE_REFUSE])
def test_what_is_wrong_or_not_supported_is_refused_by_name_and_line(text: str, word: str, folder: Path) -> None:
    path = written(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:1: ")
    assert word in str(caught.value)


@needs_promtool
@pytest.mark.parametrize("text", [text for text, _ in BOTH_REFUSE])
def test_promtool_refuses_what_we_refuse(text: str, folder: Path) -> None:
    assert checked(written(folder, text)) == 1


def test_a_password_in_the_place_of_its_hash_is_not_shown(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, "basic_auth_users: {ann: hunter2}"))
    assert "hunter2" not in str(caught.value)


def test_without_a_file_nothing_is_asked_for() -> None:
    assert load(None).tls_server_config is None
