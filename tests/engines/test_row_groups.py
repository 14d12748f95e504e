"""Large Parquet files: wherever one is cut between its row groups, the findings are those of the whole."""

import json
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import object_store
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import shop
import splits
from hypothesis import given, settings
from hypothesis import strategies as st
from splits import Here, assert_alike

from monitor import evaluate
from monitor.baseline import Baseline
from monitor.child.limits import Limits
from monitor.engines.spread import Whole, spread
from monitor.intake import Intake
from monitor.judge import judge
from monitor.measures.window import measure
from monitor.place import Url
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.selection import Selection
from monitor.sources.parquet import footer
from monitor.window import Window

LIMITS = Limits(seconds=20)
NONE, TIMED = Roles(), Roles(time=("at",))


@pytest.fixture(scope="module")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    return splits.baseline(splits.CHURN, tmp_path_factory.mktemp("baselines") / "churn")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of the training set, in 23 row groups."""
    path = tmp_path_factory.mktemp("captures") / "a.parquet"
    pq.write_table(pa_csv.read_csv(splits.CHURN).slice(0, 2300), path, row_group_size=100)
    return path


def spreaded(engine: Here, reading: Reading, base: Baseline, size: int, roles: Roles = NONE) -> Profile:
    intake = Intake(reading, roles, selection=reading.expected.selection)
    return spread(engine, intake, base.profile, (), LIMITS, size)[0]


def told(base: Baseline, now: Profile) -> list[tuple[str, str | None, str]]:
    return [(f.rule, f.feature, f.status.value) for f in judge(now, base.profile, splits.order().checks)]


@pytest.mark.parametrize("size", [1, 20_000, 60_001, 150_000])
def test_a_table_gives_the_same_counts_and_statuses_however_it_is_cut(churn: Baseline, table: Path, size: int) -> None:
    reading = splits.reading(churn, table)
    here = measure(Intake(reading), churn.profile)
    engine, watched = Here(seed=size), list[int]()
    again = splits.reading(churn, table, watch=watched.append)
    found = spreaded(engine, again, churn, size)
    whole = table.stat().st_size
    assert 1 < len({index for index, _ in engine.came}) <= min(23, -(-whole // size))
    assert (found.rows, sum(watched)) == (2300, whole)
    assert_alike(found, here)
    assert told(churn, found) == told(churn, here)
    assert dict(again.formats) == dict(reading.formats)


def test_the_same_row_groups_are_the_same_bytes_whoever_reads_them_and_in_whatever_order(
    churn: Baseline, table: Path
) -> None:
    engines = [Here(), Here(seed=1), Here(seed=2)]
    profiles = [spreaded(engine, splits.reading(churn, table), churn, 20_000) for engine in engines]
    assert len({json.dumps(profile.to_document()) for profile in profiles}) == 1
    assert dict(engines[0].came) == dict(engines[1].came) == dict(engines[2].came)


def test_the_digest_of_a_table_that_was_cut_is_that_of_its_bytes_piece_by_piece(churn: Baseline, table: Path) -> None:
    reading = splits.reading(churn, table)
    spreaded(Here(seed=1), reading, churn, 1)
    data, cuts = table.read_bytes(), footer(table).begins[1:]
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    together = "\n".join(sha256(piece).hexdigest() for piece in pieces)
    assert reading.digests == {str(table): sha256(together.encode()).hexdigest()}


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(-1e6, 1e6, width=32)),
        st.sampled_from(("a", "b", "c", "new", None)),
        st.one_of(st.none(), st.integers(0, 40_000)),
    ),
    min_size=2,
    max_size=60,
)
rows_of = cache(splits.rows)


def written(path: Path, rows: Sequence[tuple[float | None, str | None, int | None]], each: int) -> Path:
    """The rows with a time beside, where they have one, so many in a row group."""
    a, b, seconds = zip(*rows, strict=True)
    at = [None if second is None else shop.START + timedelta(seconds=second) for second in seconds]
    columns = {
        "a": pa.array(a, pa.float64()),
        "b": pa.array(b, pa.string()),
        "at": pa.array(at, pa.timestamp("us", "UTC")),
    }
    pq.write_table(pa.table(columns), path, row_group_size=each)
    return path


@settings(max_examples=60)
@given(rows=ROWS, each=st.integers(1, 20), size=st.integers(1, 4000), roles=st.sampled_from((NONE, TIMED)))
def test_any_rows_cut_anywhere_add_up_to_what_one_reader_counts(
    tmp_path_factory: pytest.TempPathFactory,
    rows: Sequence[tuple[float | None, str | None, int | None]],
    each: int,
    size: int,
    roles: Roles,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "tables"
    folder.mkdir(exist_ok=True)
    base = rows_of(folder)
    path = written(folder / "rows.parquet", rows, each)
    here = measure(Intake(splits.reading(base, path), roles), base.profile)
    reading = splits.reading(base, path)
    if path.stat().st_size <= size or len(rows) <= each:
        with pytest.raises(Whole, match=r"^$"):
            spreaded(Here(), reading, base, size, roles)
        return
    found = spreaded(Here(seed=size), reading, base, size, roles)
    assert found.rows == len(rows)
    assert_alike(found, here)
    assert told(base, found) == told(base, here)


def test_a_window_takes_the_same_rows_dated_or_not_beside_others_and_cuts_none(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    draw = random.Random(3)
    for hour in range(4):
        times = [hour * 3600 + 18 * i if draw.random() < 0.8 else None for i in range(200)]
        (tmp_path / "captures").mkdir(exist_ok=True)
        rows = [(draw.gauss(0, 3), draw.choice("abc"), time) for time in times]
        written(tmp_path / "captures" / f"{hour}.parquet", rows, 17)
    window = Window(start=shop.START + timedelta(minutes=30), end=shop.START + timedelta(minutes=150))
    closed = (Window(start=shop.START, end=window.start),)
    engine, readings = Here(seed=1), list[Reading]()
    for _ in range(2):
        selection = Selection(window, closed, column="at")
        readings.append(Reading([tmp_path / "captures"], evaluate.expected(base, selection=selection)))
    here = measure(Intake(readings[0], TIMED, selection=readings[0].expected.selection), base.profile)
    found = spreaded(engine, readings[1], base, 1, TIMED)
    one, other = (reading.expected.selection for reading in readings)
    assert one is not None
    assert other is not None
    assert len({index for index, _ in engine.came}) == 4
    assert_alike(found, here)
    assert other.seen == one.seen
    assert 0 < found.rows < 800
    assert readings[1].digests == readings[0].digests


def test_rejects_have_the_numbers_of_their_rows_in_the_file(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    bad = [7, 23, 24, 48]
    rows = [
        {
            "databricks_request_id": str(i),
            "request": '{"inputs": ' if i in bad else json.dumps({"inputs": [{"a": i % 5, "b": "a"}]}),
            "response": '{"predictions": [0.5]}',
        }
        for i in range(50)
    ]
    path = tmp_path / "log.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=4)
    here = splits.reading(base, path)
    now = measure(Intake(here), base.profile)
    again = splits.reading(base, path)
    found, rejects = spread(Here(), Intake(again), base.profile, (), LIMITS, 1)
    assert_alike(found, now)
    assert found.volume.rejected
    assert sum(found.volume.rejected.values()) == len(bad)
    assert {(one.path, one.line) for one in rejects} == {(str(path), i + 1) for i in (7, 23, 24, 48)}
    assert again.formats == here.formats == {str(path): "databricks"}


def test_folders_are_columns_of_every_piece(tmp_path: Path) -> None:
    base = rows_of(tmp_path)
    folder = tmp_path / "captures" / "day=2026-01-05"
    folder.mkdir(parents=True)
    written(folder / "f.parquet", [(1.5, "a", 1), (2.5, "b", 2), (3.5, "c", None)] * 20, 7)
    here = measure(Intake(splits.reading(base, tmp_path / "captures")), base.profile)
    found = spreaded(Here(seed=2), splits.reading(base, tmp_path / "captures"), base, 1)
    assert_alike(found, here)
    assert "day" in found.extra


def test_a_table_in_a_store_is_cut_as_a_local_one(churn: Baseline, table: Path, tmp_path: Path) -> None:
    local = tmp_path / "a.parquet"  # larger than what is fetched ahead
    many = pa.concat_tables([pq.read_table(table)] * 12)
    pq.write_table(many, local, row_group_size=4000, compression="none", use_dictionary=False)
    here = splits.reading(churn, local)
    engine = Here()
    found = spreaded(engine, here, churn, 1_000_000)
    assert len(engine.came) > 2
    with object_store.s3() as store:
        there = Reading([Url(store.put("c/a.parquet", local.read_bytes()))], evaluate.expected(churn))
        assert json.dumps(spreaded(Here(), there, churn, 1_000_000).to_document()) == json.dumps(found.to_document())
    assert list(there.digests.values()) == list(here.digests.values())


def test_a_table_that_is_damaged_within_is_read_by_one_up_to_the_damage(
    churn: Baseline, table: Path, tmp_path: Path
) -> None:
    data, begins = table.read_bytes(), footer(table).begins
    torn = tmp_path / "a.parquet"
    torn.write_bytes(data[: begins[9]] + b"\xff" * 400 + data[begins[9] + 400 :])
    here = splits.reading(churn, torn)
    now = measure(Intake(here), churn.profile)
    assert now.rows < 2300
    assert now.volume.rejected == {"unreadable": 1}
    with pytest.raises(Whole, match="a Parquet file cannot be read to its end, and its rows count up to there"):
        spreaded(Here(), splits.reading(churn, torn), churn, 20_000)


@settings(max_examples=60)
@given(place=st.integers(1, 5000), flips=st.binary(min_size=1, max_size=3))
def test_whatever_a_footer_says_the_rows_are_those_of_one_reader_or_read_by_one(
    tmp_path_factory: pytest.TempPathFactory, place: int, flips: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    base = rows_of(folder)
    path = written(folder / "rows.parquet", [(i * 1.5, "abc"[i % 3], i) for i in range(60)], 9)
    data = path.read_bytes()
    at = max(4, len(data) - place)
    path.write_bytes(data[:at] + flips + data[at + len(flips) :])
    here = measure(Intake(splits.reading(base, path)), base.profile)
    try:
        found = spreaded(Here(), splits.reading(base, path), base, 1)
    except Whole:
        return
    assert_alike(found, here)


def test_a_table_that_goes_before_it_is_read_is_told_by_one(churn: Baseline, table: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(table.read_bytes())

    class Late(Here):
        def run(self, work: bytes, count: int, take: object) -> None:
            path.unlink()
            super().run(work, count, take)  # type: ignore[arg-type]

    with pytest.raises(Whole, match="cannot be read to its end"):
        spreaded(Late(), splits.reading(churn, path), churn, 20_000)
