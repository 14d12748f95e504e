"""docs/web.md says what is so."""

import re
from pathlib import Path

import pytest
from web.certificates import certificate
from web.test_webfile import HASH, checked, needs_promtool

from monitor.web.app import PAGES, TABLE
from monitor.web.options import Token
from monitor.web.table import MOST_ROWS
from monitor.web.webfile import load

PAGE = (Path(__file__).parents[2] / "docs" / "web.md").read_text()


def test_every_page_is_in_the_document() -> None:
    words = {route.path.replace("}", "").split("/")[-1].removeprefix("{") or "/" for route in (*TABLE, *PAGES)}
    told = set(re.findall(r"[\w.]+(?:-[\w.]+)*|/", PAGE.replace("NAME", "monitor").replace("report.html", "file")))
    assert words - told == set()
    assert f"1 to {MOST_ROWS}" in PAGE


def written(folder: Path) -> Path:
    certificate(folder, "server")
    (block,) = re.findall(r"```yaml\n(tls_server_config.*?)```", PAGE, re.DOTALL)
    path = folder / "web.yml"
    path.write_text(block.replace('"<bcrypt hash>"', HASH))
    return path


def test_the_web_configuration_of_the_document_is_one(tmp_path: Path) -> None:
    assert list(load(written(tmp_path)).basic_auth_users) == ["ann"]


@needs_promtool
def test_promtool_takes_the_web_configuration_of_the_document(tmp_path: Path) -> None:
    assert checked(written(tmp_path)) == 0


@pytest.mark.parametrize("digest", ["", "secret", "0" * 63, "g" * 64])
def test_a_token_is_written_as_its_digest(digest: str) -> None:
    with pytest.raises(Exception, match="64 hexadecimal digits"):
        Token(id="ops", sha256=digest)
