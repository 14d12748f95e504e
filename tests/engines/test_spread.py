"""Spreading: however files are split, and whoever reads them, the findings are the same."""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import shop
import splits
from hypothesis import given, settings
from hypothesis import strategies as st
from splits import Here, assert_alike

from monitor import __version__, evaluate, formats
from monitor.baseline import Baseline
from monitor.child.limits import Limits
from monitor.engines import spread as spreading
from monitor.engines.engine import EngineFailed
from monitor.engines.job import Job, Read
from monitor.engines.packing import to_bytes
from monitor.engines.spread import Whole, spread
from monitor.engines.state import Broken
from monitor.engines.work import answered
from monitor.errors import InputError, SourceError
from monitor.expression import parsed
from monitor.intake import Intake
from monitor.judge import judge
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.rulepath import find
from monitor.selection import Selection
from monitor.sizes import Sizes
from monitor.tables import InMemory
from monitor.userwork import TransformFailed
from monitor.window import Window

LIMITS = Limits(seconds=20)


@pytest.fixture(scope="module")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    return splits.baseline(splits.CHURN, tmp_path_factory.mktemp("baselines") / "churn")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The captures of the published run, some of them broken, in one file."""
    lines = shop.published_window()
    for at in range(5, 1900, 137):
        lines[at] = lines[at][:-9]
    return shop.write(tmp_path_factory.mktemp("captures") / "a.jsonl", lines)


def spreaded(engine: Here, reading: Reading, base: Baseline, size: int, **how: object) -> tuple[Profile, Intake]:
    intake = Intake(reading, selection=reading.expected.selection, **how)  # type: ignore[arg-type]
    profile, _ = spread(engine, intake, base.profile, (), LIMITS, size)
    return profile, intake


def told(base: Baseline, now: Profile) -> list[tuple[str, str | None, str]]:
    """What the preset says of a window."""
    return [(f.rule, f.feature, f.status.value) for f in judge(now, base.profile, splits.order().checks)]


@pytest.mark.parametrize("size", [40_000, 333_333, 800_000])
def test_real_captures_give_the_same_counts_and_statuses_however_they_are_cut(
    churn: Baseline, published: Path, size: int
) -> None:
    reading = splits.reading(churn, published)
    here = measure(Intake(reading), churn.profile)
    engine = Here(seed=size)
    again = splits.reading(churn, published)
    found, _ = spreaded(engine, again, churn, size)
    assert len({index for index, _ in engine.came}) == -(-published.stat().st_size // size)
    assert here.volume.rejected == {"not_json": 14}
    assert_alike(found, here)
    assert told(churn, found) == told(churn, here)
    assert dict(again.formats) == dict(reading.formats)


def test_the_same_splits_are_the_same_bytes_whoever_reads_them_and_in_whatever_order(
    churn: Baseline, published: Path
) -> None:
    engines = [Here(), Here(seed=1), Here(seed=2)]
    profiles = [spreaded(engine, splits.reading(churn, published), churn, 200_000)[0] for engine in engines]
    assert len({json.dumps(profile.to_document()) for profile in profiles}) == 1
    assert dict(engines[0].came) == dict(engines[1].came) == dict(engines[2].came)


def test_rejects_are_those_of_the_file_with_their_lines_and_the_path_that_was_given(
    churn: Baseline, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(published.parent)
    outcome = evaluate.evaluate(splits.reading(churn, Path("a.jsonl")), churn, splits.order())
    reading = splits.reading(churn, Path("a.jsonl"))
    _, rejects = spread(Here(), Intake(reading), churn.profile, (), LIMITS, 50_000)
    lines = [int(line) for line in range(6, 1901, 137)]
    assert [(r.path, r.line, r.reason) for r in rejects] == [("a.jsonl", line, "not_json") for line in lines]
    assert [r.line for r in outcome.rejects] == lines[: len(outcome.rejects)]  # of a block only the first are named
    assert list(reading.digests) == list(reading.formats) == ["a.jsonl"]


def test_a_file_that_was_not_cut_has_its_own_digest_and_one_that_was_that_of_its_pieces(
    churn: Baseline, published: Path, tmp_path: Path
) -> None:
    lines = published.read_text().splitlines()
    for number in range(3):
        shop.write(tmp_path / f"{number}.jsonl", lines[number::3])
    here = splits.reading(churn, tmp_path)
    now = measure(Intake(here), churn.profile)
    whole, cut = splits.reading(churn, tmp_path), splits.reading(churn, tmp_path)
    found, _ = spreaded(Here(), whole, churn, 1_500_000)
    assert_alike(found, now)
    assert whole.digests == here.digests
    spreaded(Here(), cut, churn, 100_000)
    assert set(cut.digests) == set(here.digests)
    assert all(cut.digests[path] != here.digests[path] for path in cut.digests)


def test_packed_files_csv_tables_and_parquet_are_spread_by_files(churn: Baseline, tmp_path: Path) -> None:
    header = (shop.CHURN / "training-dataset-with-header.csv").read_text().splitlines()
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text("\n".join([header[0], *header[1 + number :: 5]]) + "\n")
    table = pa_csv.read_csv(tmp_path / "0.csv")
    pq.write_table(table, tmp_path / "3.parquet")
    (tmp_path / "4.csv.gz").write_bytes(gzip.compress((tmp_path / "1.csv").read_bytes()))
    reading = splits.reading(churn, tmp_path)
    here = measure(Intake(reading), churn.profile)
    again = splits.reading(churn, tmp_path)
    engine = Here(seed=3)
    found, _ = spreaded(engine, again, churn, 1)
    assert len({index for index, _ in engine.came}) == 5
    assert_alike(found, here)
    assert (again.formats, again.digests) == (reading.formats, reading.digests)


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(-1e6, 1e6, width=32), st.integers(-5, 5), st.just("x"), st.booleans()),
        st.sampled_from(("a", "b", "c", "new", None)),
    ),
    min_size=1,
    max_size=60,
)


rows_of = cache(splits.rows)


@settings(max_examples=60)
@given(rows=ROWS, size=st.integers(20, 900), end=st.sampled_from(("\n", "\r\n")), broken=st.integers(0, 80))
def test_any_rows_cut_anywhere_add_up_to_what_one_reader_counts(
    tmp_path_factory: pytest.TempPathFactory,
    rows: Sequence[tuple[object, str | None]],
    size: int,
    end: str,
    broken: int,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    base = rows_of(folder)
    lines = [json.dumps({"a": a, "b": b}) for a, b in rows]
    lines.insert(broken % (len(lines) + 1), '{"a": 1, ')
    path = folder / "rows.jsonl"
    path.write_bytes(end.join(['{"a": 1, "b": "a"}', *lines]).encode())
    here = measure(Intake(splits.reading(base, path)), base.profile)
    reading = splits.reading(base, path)
    if path.stat().st_size <= size:
        with pytest.raises(Whole, match=r"^$"):
            spreaded(Here(), reading, base, size)
        return
    found, _ = spreaded(Here(seed=size), reading, base, size)
    assert_alike(found, here)
    assert told(base, found) == told(base, here)


def test_roles_and_conditions_hold_on_every_split(churn: Baseline, published: Path) -> None:
    roles, where = Roles(prediction=("Churn",), exclude=("State_*",)), parsed("`Day Mins` > 150 or gone is not null")
    here_intake = Intake(splits.reading(churn, published), roles, where)
    here = measure(here_intake, churn.profile)
    found, intake = spreaded(Here(), splits.reading(churn, published), churn, 100_000, roles=roles, where=where)
    assert_alike(found, here)
    assert intake.notes == here_intake.notes
    assert found.volume.dropped == here.volume.dropped > 0


def test_a_window_takes_the_same_records_and_sees_the_same_of_each_file(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    for hour in range(4):
        lines = [
            shop.capture(f"{i % 7},{'abc'[i % 3]}", "0.5", i, at=shop.START + timedelta(hours=hour, seconds=18 * i))
            for i in range(200)
        ]
        shop.write(tmp_path / "captures" / f"{hour}.jsonl", lines)
    window = Window(start=shop.START + timedelta(minutes=30), end=shop.START + timedelta(minutes=150))
    closed = (Window(start=shop.START, end=window.start),)
    readings = []
    for _ in range(2):
        selection = Selection(window, closed)
        expected = evaluate.expected(base, selection=selection)
        readings.append(Reading([tmp_path / "captures"], expected))
    here = measure(Intake(readings[0], selection=readings[0].expected.selection), base.profile)
    found, _ = spreaded(Here(seed=1), readings[1], base, 1)
    one, other = (reading.expected.selection for reading in readings)
    assert one is not None
    assert other is not None
    assert_alike(found, here)
    assert found.volume.records == 400
    assert other.seen == one.seen
    assert any(seen.elsewhere for seen in other.seen.values())
    other.restart()
    assert other.seen == {}


def test_what_fits_into_one_split_is_read_here_without_a_word(churn: Baseline, published: Path) -> None:
    engine = Here()
    outcome = evaluate.evaluate(splits.reading(churn, published), churn, splits.order(), engine)
    assert engine.came == []
    assert outcome.notes == ()
    assert outcome.report.inputs.records == 1977


@pytest.fixture
def small(tmp_path: Path) -> tuple[Baseline, Path]:
    return splits.small(tmp_path)


def test_a_whole_report_is_the_same_but_for_nothing(small: tuple[Baseline, Path]) -> None:
    base, captures = small
    engine = Here()
    watched: list[int] = []
    here = evaluate.evaluate(splits.reading(base, captures), base, splits.order())
    found = evaluate.evaluate(splits.reading(base, captures, watch=watched.append), base, splits.order(), engine)
    assert len(engine.came) == 2
    assert found.report.inputs == here.report.inputs
    assert [(f.rule, f.feature, f.status) for f in found.report.findings] == [
        (f.rule, f.feature, f.status) for f in here.report.findings
    ]
    assert sum(watched) == sum(path.stat().st_size for path in captures.iterdir())


def test_a_lost_split_is_an_error_and_no_verdict(small: tuple[Baseline, Path]) -> None:
    base, captures = small
    with pytest.raises(EngineFailed, match=r"1 of 2 splits have no state \(1\)"):
        evaluate.evaluate(splits.reading(base, captures), base, splits.order(), Here(lost=[1]))


DOUBLED = '''
from monitor import transform
import pandas

@transform
def doubled(rows: pandas.DataFrame) -> pandas.DataFrame:
    """Twice the number."""
    {body}
'''


def transforms(folder: Path, body: str) -> evaluate.Order:
    (folder / "rules").mkdir()
    (folder / "rules" / "doubled.py").write_text(DOUBLED.format(body=body))
    return replace(splits.order(), rules=find([folder / "rules"]), limits=LIMITS)


def test_transforms_run_beside_every_worker(small: tuple[Baseline, Path], tmp_path: Path) -> None:
    base, captures = small
    order = transforms(tmp_path, "return rows.assign(a=rows['a'] * 2)")
    here = evaluate.evaluate(splits.reading(base, captures), base, order)
    found = evaluate.evaluate(splits.reading(base, captures), base, order, Here(seed=1))
    assert_alike(found.profile, here.profile)
    plain = evaluate.evaluate(splits.reading(base, captures), base, splits.order())
    assert found.profile.features["a"].to_document() != plain.profile.features["a"].to_document()


def test_a_transform_that_breaks_in_a_worker_is_one_finding_and_the_rest_is_judged_without(
    small: tuple[Baseline, Path], tmp_path: Path
) -> None:
    base, captures = small
    order = transforms(tmp_path, "raise ValueError('no')")
    engine = Here(seed=1)
    found = evaluate.evaluate(splits.reading(base, captures), base, order, engine)
    (broken,) = [f for f in found.report.findings if f.rule == "doubled"]
    assert broken.status.value == "failed"
    assert "ValueError: no" in broken.why
    assert found.report.inputs.rows == 1500
    intake = Intake(splits.reading(base, captures))
    with pytest.raises(TransformFailed):
        spread(Here(), intake, base.profile, order.rules.transforms, LIMITS)


HALVES = "{jsonl: {id: $.id, kind: $.kind, inputs: $.body, outputs: $.body}}"


def halves(folder: Path) -> None:
    for number in range(300):
        both = [
            {"id": str(number), "kind": "request", "body": [{"a": number % 7, "b": "a"}]},
            {"id": str((number + 1) % 300), "kind": "response", "body": [0.5]},
        ]
        shop.write(folder / f"{number:03}.jsonl", [json.dumps(one) for one in both])


def test_requests_and_answers_logged_apart_are_read_by_one_and_a_note_says_so(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    halves(tmp_path / "captures")
    layout = tmp_path / "layout.yaml"
    layout.write_text(f"format: {HALVES}\n")
    for form, calls in ((formats.named(str(layout)), 0), ("auto", 2)):
        reading = splits.reading(base, tmp_path / "captures", format=form) if calls == 0 else _kserve(tmp_path, base)
        engine = Here()
        outcome = evaluate.evaluate(reading, base, splits.order(), engine)
        assert outcome.notes == (
            "engine: everything is read by this process alone: "
            "requests and answers are logged apart, and may be in different files",
        )
        assert outcome.report.inputs.rows == 300
        assert len(engine.came) <= calls


def _kserve(folder: Path, base: Baseline) -> Reading:
    """Halves of a format that is told by the records themselves."""
    said = {"request": {"instances": [{"a": 1, "b": "a"}]}, "response": {"predictions": [0.5]}}
    for number in range(300):
        head = {"specversion": "1.0", "id": str(number), "inferenceservicename": "m", "component": "predictor"}
        lines = [
            json.dumps({**head, "type": f"org.kubeflow.serving.inference.{kind}", "data": data})
            for kind, data in said.items()
        ]
        shop.write(folder / "kserve" / f"{number:03}.jsonl", lines)
    return splits.reading(base, folder / "kserve")


def test_a_manifest_is_read_by_one(small: tuple[Baseline, Path]) -> None:
    base, captures = small
    (captures / "a.manifest").write_text(json.dumps([{"prefix": "s3://bucket/"}, "000.jsonl", "001.jsonl"]))
    outcome = evaluate.evaluate(splits.reading(base, captures), base, splits.order(), Here())
    assert outcome.report.inputs.rows == 1500
    assert "a manifest names files, and others may name the same" in outcome.notes[0]


def test_more_columns_than_are_allowed_together_are_counted_by_one(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    for number in range(300):
        shop.write(tmp_path / "captures" / f"{number:03}.jsonl", [json.dumps({"a": 1.5, "b": "a", f"x{number}": 1})])
    expected = evaluate.expected(base, sizes=Sizes(columns=200))
    here, again = (Reading([tmp_path / "captures"], expected) for _ in range(2))
    one = evaluate.evaluate(here, base, splits.order())
    other = evaluate.evaluate(again, base, splits.order(), Here())
    assert other.report.inputs == one.report.inputs
    assert other.report.inputs.rejected["too_many_columns"] == 102
    assert "its files have more columns than are allowed, together" in other.notes[0]


def test_what_is_no_reading_of_files_is_read_here_and_a_note_says_so(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    outcome = evaluate.evaluate(InMemory(pa.table({"a": [1.5], "b": ["a"]})), base, splits.order(), Here())
    assert outcome.notes == (
        "engine: everything is read by this process alone: "
        "a table in memory, or a script in the place of the format, is read by one",
    )


def test_what_breaks_in_a_worker_is_the_error_that_it_would_be_here() -> None:
    kinds = {"source": SourceError, "input": InputError, "memory": MemoryError, "internal": RuntimeError}
    for kind, error in kinds.items():
        with pytest.raises(error, match="why"):
            raise spreading._error(Broken(kind=kind, why="why"))  # type: ignore[arg-type]


def test_a_bug_in_a_worker_is_told_with_its_place_and_not_tried_again() -> None:
    job = replace(_job(), splits=())
    (found,) = [answered(to_bytes(job, __version__), 0).answer]
    assert isinstance(found, Broken)
    assert (found.kind, found.why.partition(" (")[0]) == ("internal", "IndexError: tuple index out of range")
    assert ".py:" in found.why


def _job() -> Job:
    read = Read(
        names=(), whole=(), texts=frozenset(), header="auto", sizes=Sizes(), format="auto", called="auto", chosen=None
    )
    return Job(splits=(), base=Profile(), read=read, roles=Roles(), where=None, transforms=(), limits=LIMITS)


@pytest.mark.parametrize("times", [1, 20])
def test_how_far_undated_rows_repeat_each_other_is_told_nearly_as_by_one(tmp_path: Path, times: int) -> None:
    base = rows_of(tmp_path)
    draw = random.Random(7)
    lines = [
        line
        for _ in range(20_000 // times)
        for line in [json.dumps({"a": round(draw.gauss(0, 3), 3), "b": draw.choice("abc")})] * times
    ]
    path = shop.write(tmp_path / "rows.jsonl", lines)
    here = measure(Intake(splits.reading(base, path)), base.profile).settled()
    found, _ = spreaded(Here(), splits.reading(base, path), base, 150_000)
    for name, feature in found.settled().features.items():
        assert feature.design_effect == pytest.approx(here.features[name].design_effect, rel=0.5)
        assert (feature.design_effect > 5) == (times == 20)
