"""A folder to start from."""

from pathlib import Path

import command

ROOT = Path(__file__).parent.parent.parent


def test_what_is_written_is_a_good_configuration_and_a_good_rule(tmp_path: Path) -> None:
    assert command.driftd("init", tmp_path / "new").code == 0
    assert command.driftd("config", "check", tmp_path / "new" / "driftd.yaml").code == 0
    assert command.driftd("rules", "test", tmp_path / "new" / "rules").code == 0


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "driftd.yaml").write_text("mine")
    ran = command.driftd("init", tmp_path)
    assert f"{tmp_path / 'driftd.yaml'}: is there already, and stays as it is" in ran.out
    assert (tmp_path / "driftd.yaml").read_text() == "mine"
    assert (tmp_path / "rules" / "refund_share.py").exists()


def test_the_example_that_is_written_is_the_one_in_rules() -> None:
    written = ROOT / "monitor" / "shipped" / "start" / "rules" / "refund_share.py"
    assert written.read_text() == (ROOT / "rules" / "refund_share.py").read_text()
