"""What the documents say is so."""

import json
import re
import shlex
from pathlib import Path

import command
import pytest

from monitor import rulepath
from monitor.cli.main import COMMANDS
from monitor.decode import FORMATS
from monitor.finding import Reason
from monitor.render.rules import catalogue

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "rules" / "README.md"]


def test_the_rule_catalogue_is_the_one_that_the_command_prints() -> None:
    rules = rulepath.shipped()
    assert (ROOT / "docs" / "rules.md").read_text() == catalogue(list(rules.values()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_is_named_in_the_readme_or_the_guide() -> None:
    text = "".join(page.read_text() for page in PAGES)
    assert [name for name in COMMANDS if f"driftd {name}" not in text] == []


def test_every_format_and_reason_is_documented() -> None:
    assert [name for name in FORMATS if f"`{name}`" not in (ROOT / "docs" / "formats.md").read_text()] == []
    assert [r for r in Reason if f"`{r}`" not in (ROOT / "docs" / "guide.md").read_text()] == []


def test_the_readmes_commands_are_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = [line.split("#")[0] for block in blocks for line in block.splitlines() if line.startswith("driftd")]
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line)[1:]
        group = words[: 2 if words[0] in ("baseline", "config", "rules") else 1]
        asked = command.driftd(*group, "--help")
        assert asked.code == 0, line
        assert [w for w in words if w.startswith("--") and w not in asked.out] == [], line


def test_the_guides_finding_is_the_one_that_the_demo_prints(tmp_path: Path) -> None:
    command.driftd("demo", "--once", "--out", tmp_path / "demo")
    report = json.loads((tmp_path / "demo" / "reports" / "faulty" / "report.json").read_text())
    (drift,) = [f for f in report["findings"] if f["status"] == "violated" and f["rule"] == "drift"]
    shown = f"VIOLATED  {drift['feature']}  drift  {drift['why']}\n"
    assert shown in (ROOT / "docs" / "guide.md").read_text()


def test_the_guides_python_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd
    import shop

    training = pd.read_csv(shop.CHURN / "training-dataset-with-header.csv").rename(columns={"Churn": "score"})
    rows = training.assign(test_traffic=[None if i % 2 else "yes" for i in range(len(training))])
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "guide.md").read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names = {"training": training, "rows": rows}
    exec(block, names)
    assert (names["report"].inputs.rows, names["report"].inputs.dropped) == (1166, 1167)


def test_the_guides_columns_and_condition_are_a_configuration(tmp_path: Path) -> None:
    from monitor.config.load import load

    (block,) = re.findall(r"```yaml\n( +columns:.*?)```", (ROOT / "docs" / "guide.md").read_text(), re.DOTALL)
    (tmp_path / "driftd.yaml").write_text(f"monitors:\n  m:\n    captures: c\n    baseline: b\n{block}")
    monitor = load(tmp_path / "driftd.yaml").monitors["m"]
    assert (monitor.columns.id, monitor.where) == ("request_id", "test_traffic is null")


def test_the_readmes_use_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shop

    shop.write(tmp_path / "captures" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    (tmp_path / "training.csv").write_bytes((shop.CHURN / "training-dataset-with-header.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    block = (ROOT / "README.md").read_text().split("## Use it")[1].split("```")[1]
    commands = [shlex.split(line.split("#")[0])[1:] for line in block.splitlines() if line.startswith("driftd")]
    assert [command.driftd(*words).code for words in commands] == [0, 0]
    version = Path("baselines/churn/current").read_text().strip()
    for name in ("statistics.json", "constraints.json"):
        Path(name).write_bytes(Path(f"baselines/churn/{version}/{name}").read_bytes())
    again = (ROOT / "README.md").read_text().split("without your training data:")[1].split("```")[1]
    commands = [shlex.split(line)[1:] for line in again.splitlines() if line.startswith("driftd")]
    assert [command.driftd(*words).code for words in commands] == [0, 1]
