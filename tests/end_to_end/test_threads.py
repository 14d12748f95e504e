"""The same window by one thread and by several: the same bytes."""

import json
import random
from pathlib import Path

import command
import pytest
import shop
from daemons import rows

from monitor import evaluate, filing, rulepath
from monitor.baselines import load
from monitor.document import to_document
from monitor.reading import Reading

RECORDS = 120_000
"""More than a batch of rows, and several blocks."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline, and captures in two files, of which some lines are torn, empty or of another width."""
    made = tmp_path_factory.mktemp("threads")
    (made / "training.csv").write_text("score,age,income,city\n" + "".join(f"{row}\n" for row in rows(4000, 1)))
    command.driftd("baseline", "make", made / "training.csv", "--out", made / "base")
    draw, lines = random.Random(7), []
    for number, row in enumerate(rows(RECORDS, 2)):
        answer, request = row.split(",", 1)
        line = shop.capture(request, answer, number)
        odd = draw.random()
        lines.append(line[:40] if odd < 0.001 else shop.capture("1,2", answer, number) if odd < 0.002 else line)
    shop.write(made / "captures" / "a.jsonl", lines[: RECORDS // 3])
    shop.write(made / "captures" / "b.jsonl", lines[RECORDS // 3 :])
    return made


def judged(folder: Path, threads: int) -> tuple[dict[str, str], str, object]:
    base, rules = load(folder / "base"), rulepath.find()
    order = evaluate.Order(monitor="m", checks=rulepath.preset(rules.rules), rules=rules, threads=threads)
    outcome = evaluate.evaluate(Reading([folder / "captures"], evaluate.expected(base)), base, order)
    return dict(filing.documents(outcome)), json.dumps(to_document(outcome.profile)), outcome.rejects


def test_a_report_is_the_same_bytes_however_many_threads_there_are(folder: Path) -> None:
    one = judged(folder, 1)
    assert json.loads(one[0]["report.json"])["inputs"]["records"] == RECORDS
    assert len(json.loads(one[0]["report.json"])["inputs"]["rejected"]) == 2
    for threads in (2, 5):
        assert judged(folder, threads) == one
