"""User code in a child process: what it breaks is one FAILED finding, and everything else goes on."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from monitor.batch import Batch
from monitor.child.limits import Limits
from monitor.child.parent import Child
from monitor.finding import Finding
from monitor.judge import judge
from monitor.measures.window import measure
from monitor.profile import Volume
from monitor.rule import Check
from monitor.rulepath import HANDLER, RulePath, find
from monitor.sample import Sample, sampled
from monitor.testing import profile
from monitor.userwork import Rows, TransformFailed, as_numbers, asker, plain_options, transformed

LIMITS = Limits(seconds=2, memory_bytes=256 << 20)
COLUMNS: Mapping[str, Sequence[Any]] = {
    "age": [20, 30, 40, 50] * 100,
    "pay": [1.5, 2.5] * 200,
    "plan": ["a", "b"] * 200,
}
BASE = profile(dict(COLUMNS))

RULES = '''
import time
from collections.abc import Iterator
from datetime import timedelta

import pandas

from monitor import *

@rule
def raises(now: Feature, base: Feature) -> Finding:
    """Breaks."""
    raise KeyError("total")

@rule
def raises_on_pay(now: Numeric, base: Numeric) -> Finding:
    """Breaks on one feature."""
    if now.name == "pay":
        raise ValueError("not pay")
    return at_most(0, 1)

@rule
def never_ends(now: Numeric, base: Numeric) -> Finding:
    """Breaks."""
    while True:
        time.sleep(1)

@rule
def eats_memory(now: Numeric, base: Numeric) -> Finding:
    """Breaks."""
    return at_most(len(bytearray(1 << 40)), 1)

@rule
def leaves(now: Numeric, base: Numeric) -> Finding:
    """Breaks."""
    raise SystemExit(3)

@rule
def nonsense(now: Profile, base: Profile) -> Finding:
    """Breaks."""
    return "fine"

@rule
def good(now: Numeric, base: Numeric, *, most: float = 0.5, wait: timedelta = timedelta(minutes=1)) -> Finding:
    """Violated beyond `most`; `wait` is a time."""
    return at_most(mean_difference(now, base), most, why=f"{wait.total_seconds():g} s")

@rule
def several(now: Profile, base: Profile) -> Iterator[Finding]:
    """Several answers."""
    for name in now.features:
        yield Finding(status=Status.VIOLATED, feature=name, why=f"{now.rows} rows")
    yield at_most(now.rows, 1000)

@rule
def rows(now: pandas.DataFrame, base: Profile, *, most: int = 0) -> Finding:
    """Violated where more than `most` are old and on plan b."""
    both = now[(now["age"] > 45) & (now["plan"] == "b")]
    return at_most(len(both), most, why=f"{base.rows} in the baseline")

@rule
def more_rows(now: "pandas.DataFrame", base: "pandas.DataFrame") -> Finding:
    """Violated with more rows than the baseline keeps."""
    ages = f"{now.age.max()} {base.age.max()}"
    return at_most(len(now), len(base), why=f"{list(now.columns)} {list(base.columns)} {ages}")
'''


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RulePath:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "mine.py").write_text(RULES)
    return find([folder])


def batches(columns: Mapping[str, Sequence[Any]] = COLUMNS, size: int = 150, **more: Any) -> Iterator[Batch]:
    """Texts as captured, in several batches."""
    texts = {name: [None if v is None else str(v) for v in values] for name, values in columns.items()}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()})
    for rows in table.to_batches(max_chunksize=size):
        yield Batch(rows=rows, volume=Volume(records=rows.num_rows, rows=rows.num_rows), **more)


def answers(
    rules: RulePath, *names: str, sample: Sample | None = None, base: pa.Table | None = None, **options: Any
) -> Sequence[Finding]:
    checks = [Check(rule=rules.rules[name], options=options) for name in names]
    with Child(HANDLER, LIMITS) as child:
        ask = asker(child, rules.users, Rows(now=sample, base=base, numbers=["age", "pay"]))
        return judge(measure(batches(), BASE), BASE, checks, ask=ask)


# Rules


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("raises", "KeyError: 'total' (mine.py:13) (3 features are not judged)"),
        ("never_ends", "no answer"),
        ("eats_memory", "more memory"),
        ("leaves", "SystemExit: 3 (mine.py:"),
        ("nonsense", "the rule returned 'fine'; a Finding, or a list of them, would be right"),
    ],
)
def test_a_bad_rule_is_one_failed_finding_and_the_others_are_answered(name: str, why: str, rules: RulePath) -> None:
    found = answers(rules, name, "good", "drift")
    assert [f.status.value for f in found if f.rule == name] == ["failed"]
    assert why in found[0].why
    assert [(f.feature, f.status.value) for f in found if f.rule == "good"] == [("age", "ok"), ("pay", "ok")]
    assert len([f for f in found if f.rule == "drift"]) == 3
    assert not [f for f in found if f.rule == "drift" and f.status.value == "failed"]


def test_a_rule_that_raises_on_one_feature_is_answered_on_the_others(rules: RulePath) -> None:
    found = answers(rules, "raises_on_pay")
    assert [(f.feature, f.status.value) for f in found] == [("age", "ok"), ("pay", "failed")]
    assert found[1].why.startswith("ValueError: not pay (mine.py:")


def test_an_answer_from_the_child_is_weighed_as_one_given_here(rules: RulePath) -> None:
    for finding in answers(rules, "good", most=0.3, wait=timedelta(seconds=90)):
        assert finding.estimate is not None
        assert (finding.threshold, finding.why, finding.value) == (0.3, "90 s", 0.0)
        assert finding.low is not None


def test_a_rule_about_the_window_may_give_several_findings(rules: RulePath) -> None:
    found = answers(rules, "several")
    assert [(f.feature, f.status.value) for f in found] == [
        ("age", "violated"),
        ("pay", "violated"),
        ("plan", "violated"),
        (None, "ok"),
    ]
    assert found[0].why == "400 rows"


def test_a_rule_about_rows_sees_numbers_as_numbers_and_says_on_how_many(rules: RulePath) -> None:
    sample = Sample()
    for _ in sampled(batches(), sample):
        pass
    (found,) = answers(rules, "rows", sample=sample)
    assert (found.status.value, found.value) == ("violated", 100.0)
    assert found.why == "400 in the baseline (on 400 of 400 rows)"


@pytest.mark.parametrize("sample", [None, Sample()], ids=["none kept", "none read"])
def test_a_rule_about_rows_is_unknown_without_rows(sample: Sample | None, rules: RulePath) -> None:
    (found,) = answers(rules, "rows", sample=sample)
    assert (found.status.value, found.reason) == ("unknown", "no_data")


def test_a_rule_against_rows_sees_the_baselines_sample_with_the_columns_that_both_have(rules: RulePath) -> None:
    sample = Sample()
    for _ in sampled(batches({**COLUMNS, "extra": ["x"] * 400}), sample):
        pass
    kept = pa.table({"pay": ["1.5", "2.5"], "age": ["20", "70"], "gone": ["y", "y"]})
    (found,) = answers(rules, "more_rows", sample=sample, base=kept)
    assert (found.status.value, found.value, found.threshold) == ("violated", 400.0, 2.0)
    assert found.why == (
        "['age', 'pay'] ['age', 'pay'] 50.0 70.0 (on 400 of 400 rows, against 2 of 400 of the baseline)"
    )
    assert rules.rules["more_rows"].is_against_rows
    assert not rules.rules["rows"].is_against_rows


def test_a_rule_against_rows_is_unknown_where_the_baseline_keeps_none(rules: RulePath) -> None:
    sample = Sample()
    for _ in sampled(batches(), sample):
        pass
    (found,) = answers(rules, "more_rows", sample=sample)
    assert (found.status.value, found.reason) == ("unknown", "rows_not_kept")
    assert "driftd baseline make --sample 5000" in found.why


def test_times_are_sent_in_seconds() -> None:
    assert plain_options({"wait": timedelta(minutes=2), "most": 1}) == {"wait": 120.0, "most": 1}


# Rows


def test_columns_that_are_numbers_in_the_baseline_hold_numbers() -> None:
    rows = pa.table({"age": ["1", "x", None], "plan": ["1", "2", "3"]})
    found = as_numbers(rows, ["age"])
    assert found["age"].to_pylist()[0] == 1.0
    assert np.isnan(found["age"].to_numpy()[1:]).all()
    assert found["plan"].to_pylist() == ["1", "2", "3"]


# Transforms


def transform(folder: Path, body: str) -> Sequence[tuple[str, str]]:
    text = f"""
    import pyarrow as pa
    import pyarrow.compute as pc
    from monitor import transform

    @transform
    def mine(batch: pa.RecordBatch) -> pa.RecordBatch:
        {body}
    """
    folder.mkdir(exist_ok=True)
    (folder / "t.py").write_text(textwrap.dedent(text))
    return find([folder]).transforms


def through(read: Iterable[Batch], transforms: Sequence[tuple[str, str]]) -> list[Batch]:
    with Child(HANDLER, LIMITS) as child:
        return list(transformed(read, child, transforms))


OLD_ONLY = "return batch.filter(pc.greater(pc.cast(batch['age'], pa.float64()), 30))"


def test_a_transform_derives_a_column_that_is_measured(tmp_path: Path) -> None:
    body = "return batch.append_column('double', pc.multiply(pc.cast(batch['age'], pa.float64()), 2))"
    double = profile({**COLUMNS, "double": [40, 60, 80, 100] * 100})
    found = measure(through(batches(), transform(tmp_path, body)), double)
    assert found.features["double"].cells.tolist() == double.features["double"].cells.tolist()
    assert (found.rows, found.volume.dropped, dict(found.extra)) == (400, 0, {})


def test_rows_that_a_transform_drops_are_counted(tmp_path: Path) -> None:
    found = measure(through(batches(), transform(tmp_path, OLD_ONLY)), BASE)
    assert (found.rows, found.volume.dropped, found.volume.records) == (200, 200, 400)
    assert found.features["age"].rows == 200


def test_times_and_ids_stay_with_the_rows_that_are_left(tmp_path: Path) -> None:
    seconds, timed = np.arange(400), np.arange(400) % 3 > 0
    ids = pa.array([str(i) for i in range(400)])
    about = pa.RecordBatch.from_pydict({"at": np.arange(400)})
    read = [replace(batch, ids=ids, about=about) for batch in batches(size=400, seconds=seconds, timed=timed)]
    (found,) = through(read, transform(tmp_path, OLD_ONLY))
    left = [i for i in range(400) if COLUMNS["age"][i] > 30]
    assert found.seconds is not None
    assert found.timed is not None
    assert (found.seconds.tolist(), found.timed.tolist()) == (left, timed[left].tolist())
    assert found.ids.to_pylist() == [str(i) for i in left]
    assert found.about["at"].to_pylist() == left
    assert "__row__" not in found.rows.schema.names


def test_a_transform_may_drop_every_row(tmp_path: Path) -> None:
    found = measure(through(batches(), transform(tmp_path, "return batch.slice(0, 0)")), BASE)
    assert (found.rows, found.volume.dropped) == (0, 400)


def test_a_transform_that_keeps_all_rows_may_lose_their_numbers(tmp_path: Path) -> None:
    body = "return batch.select(['age', 'pay', 'plan'])"
    assert measure(through(batches(), transform(tmp_path, body)), BASE).rows == 400


def test_a_transform_may_go_through_pandas(tmp_path: Path) -> None:
    """Whose texts are large ones, and which leaves its index behind."""
    body = "f = batch.to_pandas(); return pa.RecordBatch.from_pandas(f[f['age'].astype(float) > 30])"
    through_pandas = measure(through(batches(), transform(tmp_path / "a", body)), BASE)
    directly = measure(through(batches(), transform(tmp_path / "b", OLD_ONLY)), BASE)
    assert through_pandas.features["age"].cells.tolist() == directly.features["age"].cells.tolist()
    assert through_pandas.features["plan"].cells.tolist() == directly.features["plan"].cells.tolist()
    assert (dict(through_pandas.extra), through_pandas.volume.dropped) == ({}, 200)


@pytest.mark.parametrize(
    "kind", ["float32", "int8", "large_string", "dictionary(pa.int8(), pa.string())", "string_view"]
)
def test_other_widths_of_numbers_and_texts_are_read_as_usual(kind: str, tmp_path: Path) -> None:
    call = f"pa.{kind}" if kind.endswith(")") else f"pa.{kind}()"
    body = f"return batch.set_column(0, 'age', pc.cast(batch['age'], {call}))"
    if kind.startswith("dictionary"):
        body = "return batch.set_column(0, 'age', batch['age'].dictionary_encode())"
    found = measure(through(batches(), transform(tmp_path, body)), BASE)
    assert found.features["age"].cells.tolist() == BASE.features["age"].cells.tolist()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise KeyError('total')", "KeyError: 'total' (t.py:8)"),
        ("return batch.to_pandas()", "transform 'mine' returned a DataFrame; a pyarrow.RecordBatch would be right"),
        ("return None", "transform 'mine' returned a NoneType; a pyarrow.RecordBatch would be right"),
        ("while True: pass", "no answer"),
        (
            "return batch.select(['age']).slice(0, 3)",
            "it dropped rows and the column '__row__' by which the others are found; keep it",
        ),
        ("return pa.concat_batches([batch, batch])", "'__row__'"),
        ("return batch.set_column(batch.num_columns - 1, '__row__', pa.array(['x'] * batch.num_rows))", "'__row__'"),
        ("return batch.append_column('age', batch['age'])", "two columns 'age'"),
        (
            "return batch.append_column('l', pa.array([[1]] * batch.num_rows))",
            "its answer holds more than texts, numbers and truth values",
        ),
    ],
    ids=["raises", "frame", "nothing", "hangs", "drops", "repeats", "scribbles", "two of a name", "lists"],
)
def test_a_transform_that_breaks_is_named_with_the_reason(body: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(TransformFailed) as caught:
        through(batches(), transform(tmp_path, body))
    assert caught.value.name == "mine"
    assert why in caught.value.why


def test_batches_without_rows_pass_by(tmp_path: Path) -> None:
    empty = replace(next(batches()), rows=pa.record_batch({}), volume=Volume(records=2))
    assert through([empty], transform(tmp_path, "raise KeyError('total')")) == [empty]
