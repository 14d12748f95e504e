"""What the documents say is so."""

import ast
import dataclasses
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import command
import golden
import pytest

from monitor import formats, rulepath
from monitor.batch import Expected
from monitor.cli.main import COMMANDS
from monitor.decode import FORMATS, documents, halves
from monitor.finding import Reason
from monitor.reading import Reading
from monitor.render.measures import LABELS
from monitor.render.rules import catalogue
from monitor.selection import Selection
from monitor.showcase import churn
from monitor.sizes import STANDARD
from monitor.stats import rosetta
from monitor.stats.enough import rows_for
from monitor.window import Window

ROOT = Path(__file__).parents[1]
FORMATS_PAGE = (ROOT / "docs" / "formats.md").read_text()
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


def test_every_format_and_every_reason_to_reject_a_record_is_documented() -> None:
    known = formats.known()
    assert set(FORMATS) < set(known)
    assert [name for name in known if f"| `{name}` |" not in FORMATS_PAGE] == []
    reasons = _reasons()
    assert {"not_json", "rows_differ", "unpaired", "not_here", "line_too_long", "ground_truth"} < reasons
    assert [reason for reason in sorted(reasons) if f"`{reason}`" not in FORMATS_PAGE] == []
    told = FORMATS_PAGE.split("## What is rejected")[1].split("## Limits")[0]
    assert sorted(set(re.findall(r"`([a-z0-9_]+)`", told)) - reasons) == []


REASON = re.compile(
    r"(not|no|too|bad|rows|line|unpacked|ground|unknown|other|encoding)_[a-z0-9_]+"
    r"|column_count|unreadable|unpaired|preprocess_(failed|answer)"
)


def _reasons() -> set[str]:
    """Texts in the code that reads which look like a reason, and all that are given as one."""
    found = set()
    paths = [ROOT / "monitor" / "reading.py", *(ROOT / "monitor" / "scripts").glob("*.py")]
    for path in [
        *paths,
        *(p for room in ("decode", "payloads", "sources") for p in (ROOT / "monitor" / room).glob("*.py")),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and REASON.fullmatch(node.value):
                found.add(node.value)
            if isinstance(node, ast.keyword) and node.arg == "reason" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return found


def test_the_limits_are_those_of_the_page() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ([\d,]+)", FORMATS_PAGE.split("## Limits")[1], re.MULTILINE))
    assert {name: int(number.replace(",", "")) for name, number in told.items()} == dataclasses.asdict(STANDARD)
    assert f"{documents.LARGEST_BYTES >> 20} MiB" in FORMATS_PAGE
    assert f"{halves.MOST_WAITING_BYTES >> 20} MiB" in FORMATS_PAGE


def test_the_layout_of_the_page_reads_its_record(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(_block("yaml", FORMATS_PAGE))
    (tmp_path / "log.jsonl").write_text(_block("json", FORMATS_PAGE))
    told, _ = golden.read([tmp_path / "log.jsonl"], ["score", "age"], str(tmp_path / "mine.yaml"))
    about = {"id": "r1", "time": "2026-01-05T10:00:00Z", "about": {"meta.model": "credit-3"}}
    assert told["rows"] == [
        {**about, "out": {"score": 0.12}, "in": {"age": 31}},
        {**about, "out": {"score": 0.57}, "in": {"age": 58}},
    ]
    layout, _ = formats.read(tmp_path / "mine.yaml")
    assert formats.format_of(layout, "").recognises((tmp_path / "log.jsonl").read_bytes())


def test_the_format_of_the_page_reads_a_log(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(_block("python", FORMATS_PAGE), names)
    (tmp_path / "log").write_text("#gateway 1\n0.12\t31\ntorn\n0.57\t58\n")
    assert names["FORMAT"].recognises((tmp_path / "log").read_bytes())
    told, _ = golden.read([tmp_path / "log"], format=names["FORMAT"])
    assert [(row["out"], row["in"]) for row in told["rows"]] == [
        ({"score": "0.12"}, {"age": "31"}),
        ({"score": "0.57"}, {"age": "58"}),
    ]
    assert (told["records"], told["rejected"]) == (3, {"column_count": 1})
    hour = Window(start=datetime(1999, 1, 1, tzinfo=UTC), end=datetime(1999, 1, 2, tzinfo=UTC))
    assert list(Reading([tmp_path / "log"], Expected(selection=Selection(hour)), names["FORMAT"])) == []


def _block(language: str, page: str) -> str:
    """The first block of code in this language."""
    return page.split(f"```{language}\n")[1].split("```")[0]


def test_every_reason_of_a_finding_is_documented() -> None:
    assert [r for r in Reason if f"`{r}`" not in (ROOT / "docs" / "guide.md").read_text()] == []


def test_the_readmes_commands_are_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = [line.split("#")[0] for block in blocks for line in block.splitlines() if line.startswith("driftd")]
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line)[1:]
        group = words[: 2 if words[0] in ("baseline", "config", "rules", "store") else 1]
        asked = command.driftd(*group, "--help")
        assert asked.code == 0, line
        assert [w for w in words if w.startswith("--") and w not in asked.out] == [], line


def test_the_guides_finding_is_that_of_an_hour_with_the_faults_of_the_demo(tmp_path: Path) -> None:
    import shop

    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", tmp_path / "base")
    hour = churn.captures(tmp_path / "captures", datetime(2026, 1, 5, 13, tzinfo=UTC), faulty=True)
    report = command.check(hour, tmp_path / "base").report
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


def test_the_guides_alarms_are_configurations(tmp_path: Path) -> None:
    from monitor.config.load import load

    blocks = re.findall(r"```yaml\n(monitors:.*?)```", (ROOT / "docs" / "guide.md").read_text(), re.DOTALL)
    found = set()
    for block in blocks:
        (tmp_path / "driftd.yaml").write_text(block)
        for monitor in load(tmp_path / "driftd.yaml").monitors.values():
            found |= set(monitor.alarms)
    assert found == {"prediction_down", "few_rows", "unusual", "both", "deploying"}


def test_the_readmes_use_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shop

    shop.write(tmp_path / "captures" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    (tmp_path / "training.csv").write_bytes((shop.CHURN / "training-dataset-with-header.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    block = (ROOT / "README.md").read_text().split("## Use it from the command line")[1].split("```")[1]
    commands = [shlex.split(line.split("#")[0])[1:] for line in block.splitlines() if line.startswith("driftd")]
    assert [command.driftd(*words).code for words in commands] == [0, 0, 0]
    version = Path("baselines/churn/current").read_text().strip()
    for name in ("statistics.json", "constraints.json"):
        Path(name).write_bytes(Path(f"baselines/churn/{version}/{name}").read_bytes())
    again = (ROOT / "README.md").read_text().split("without your training data:")[1].split("```")[1]
    commands = [shlex.split(line)[1:] for line in again.splitlines() if line.startswith("driftd")]
    assert [command.driftd(*words).code for words in commands] == [0, 1]


def test_the_page_of_model_quality_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import outcomes

    from monitor.config.load import load

    page = (ROOT / "docs" / "model-quality.md").read_text()
    for name in ("training.csv", "week.csv"):
        (tmp_path / name).write_bytes(outcomes.CHURN.read_bytes())
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line)[1:] for line in _block("sh", page).splitlines()]
    assert [command.driftd(*words).code for words in commands] == [0, 0]
    assert "labels for 201 of 201 predictions" in (tmp_path / "report" / "report.md").read_text()
    (tmp_path / "driftd.yaml").write_text(_block("yaml", page))
    assert load(tmp_path / "driftd.yaml").monitors["churn"].problem is not None
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "enough.py").write_text(f'"""From the page."""\n\n{_block("python", page)}')
    found = command.check(tmp_path / "week.csv", tmp_path / "baselines/churn", "--rules", tmp_path / "rules").report
    assert "violated" in [f["status"] for f in found["findings"] if f["rule"] == "enough_found"]


def test_every_metric_is_on_the_page_of_model_quality() -> None:
    import outcomes

    from monitor.quality.metrics import metrics_of

    page = (ROOT / "docs" / "model-quality.md").read_text()
    several = outcomes.quality("multiclass", ["a", "b"], ["a", "b"], costs={"a": {"b": 1}})
    names = {name for one in (outcomes.churn(), outcomes.sdk(), several) for name in metrics_of(one)}
    assert [n for n in sorted(names) if f"`{n}`" not in page and "best_constant" not in n] == []


def test_the_guides_table_of_measures_is_the_one_that_the_command_prints() -> None:
    assert f"\n\n{rosetta.table()}\n\n" in (ROOT / "docs" / "guide.md").read_text()


def test_the_guide_says_from_how_many_rows_on_a_threshold_means_anything() -> None:
    told = (ROOT / "docs" / "guide.md").read_text().split("A threshold means nothing below")[1].split("\n\n")[0]
    found = re.findall(r"(PSI|KS) ([0-9.]+) (?:on twelve cells )?needs ([0-9,]+)", " ".join(told.split()))
    assert len(found) == 3
    for measure, threshold, rows in found:
        assert rows_for(float(threshold), measure.lower(), 12, 10_000) == int(rows.replace(",", ""))


def test_every_measure_of_a_finding_is_in_the_guide() -> None:
    section = (ROOT / "docs" / "guide.md").read_text().split("## What the numbers are")[1].split("\n## ")[0].lower()
    words = {"js": "js distance", "linf": "l-infinity", "tv": "total variation", "w1": "wasserstein-1"}
    words |= {"quantile_05": "quantiles", "quantile_95": "quantiles", "median": "quantiles"}
    words |= {"missing": "rows without a value", "cvm": "cramer-von mises", "chi2": "chi-squared"}
    assert [name for name in LABELS if words.get(name, name) not in section] == []
