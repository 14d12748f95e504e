"""Rules of a user that raise, never end or eat memory: one FAILED finding each, and the rest unharmed."""

import textwrap
from pathlib import Path

import command
import pytest
import shop

RULES = {
    "raises": "raise ZeroDivisionError('by zero')",
    "never_ends": "while True: pass",
    "eats_memory": "return at_most(len(bytearray(1 << 40)), 1)",
}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules") / "base"
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder)
    return folder


def write_rule(folder: Path, name: str, body: str, subject: str = "Numeric") -> None:
    folder.mkdir(exist_ok=True)
    text = f'''
    """A rule."""
    from monitor import *


    @rule
    def {name}(now: {subject}, base: {subject}, *, limit: float = 1.0) -> Finding:
        """Violated when the `limit` is passed."""
        {body}
    '''
    (folder / f"{name}.py").write_text(textwrap.dedent(text))


@pytest.mark.parametrize("name", RULES)
def test_a_bad_rule_is_one_failed_finding_and_the_rest_is_unharmed(name: str, baseline: Path, tmp_path: Path) -> None:
    write_rule(tmp_path / "rules", name, RULES[name])
    write_rule(tmp_path / "rules", "good", "return at_most(0.5, limit, why='fine')")
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    ran = command.check(captures, baseline, "--rules", tmp_path / "rules")
    findings = ran.report["findings"]
    assert [f["status"] for f in findings if f["rule"] == name] == ["failed"]
    assert {f["status"] for f in findings if f["rule"] == "good"} == {"ok", "unknown"}
    assert [f["feature"] for f in findings if f["rule"] == "good" and f["status"] == "unknown"] == ["Churn"]
    assert (ran.code, ran.report["status"]) == (4, "failed")


def test_a_rule_file_that_does_not_load_is_exit_2_with_its_line(baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "broken.py").write_text("import math\n\nmath.nonsense\n")
    ran = command.check(tmp_path, baseline, "--rules", tmp_path / "rules")
    assert ran.code == 2
    assert "broken.py:3: AttributeError" in ran.err


def test_a_shipped_name_cannot_be_taken(baseline: Path, tmp_path: Path) -> None:
    write_rule(tmp_path / "rules", "drift", "return skip('never')")
    ran = command.check(tmp_path, baseline, "--rules", tmp_path / "rules")
    assert ran.code == 2
    assert "rule 'drift' is already defined in" in ran.err


def test_the_worked_example_is_judged(baseline: Path, tmp_path: Path) -> None:
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    ran = command.check(captures, baseline, "--rules", Path(__file__).parents[2] / "rules")
    assert {f["status"] for f in ran.report["findings"] if f["rule"] == "refund_share"} <= {"skipped", "unknown"}
    assert ran.code == 0


def test_a_transform_derives_a_column_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "double.py").write_text(
        textwrap.dedent('''
        """Doubles a."""
        import pyarrow as pa
        import pyarrow.compute as pc
        from monitor import transform


        @transform
        def double(batch: pa.RecordBatch) -> pa.RecordBatch:
            a = pc.multiply(batch["a"].cast(pa.float64()), 2.0)
            return batch.set_column(batch.schema.get_field_index("a"), "a", a)
        ''')
    )
    table = tmp_path / "t.csv"
    table.write_text("a,b\n" + "".join(f"{i % 50},{i % 7}\n" for i in range(2000)))
    command.driftd("baseline", "make", table, "--out", tmp_path / "base")
    assert command.check(table, tmp_path / "base").code == 0
    ran = command.check(table, tmp_path / "base", "--rules", tmp_path / "rules")
    assert (ran.code, ran.violated()) == (1, {"a"})
