"""The commands on captures and baselines in an object store: the same results as on local copies."""

import gzip
import json
from pathlib import Path

import command
import object_store
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import shop

from monitor import baselines
from monitor.batch import Expected
from monitor.errors import SourceError
from monitor.place import Url, place
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.sources import remote
from monitor.sources.listing import listed

TRAINING = shop.CHURN / "training-dataset-with-header.csv"


@pytest.fixture(scope="module")
def store():
    with object_store.s3() as server:
        yield server


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "churn"
    assert command.driftd("baseline", "make", TRAINING, "--out", folder).code == 0
    return folder


def captures(folder: Path) -> Path:
    """Captures by the hour, packed and not, as CSV, JSON and Parquet; a torn file and a hidden one."""
    lines = shop.csv_captures(shop.validation_rows())
    shop.write(folder / "2026/01/05/00/a.jsonl", lines[:200])
    (folder / "2026/01/05/01").mkdir(parents=True)
    (folder / "2026/01/05/01/b.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[200:400]).encode()))
    shop.write(
        folder / "2026/01/05/02/c.jsonl", shop.json_captures(shop.validation_rows()[400:], shop.churn_header()[1:])
    )
    (folder / "2026/01/05/02/torn.gz").write_bytes(gzip.compress("\n".join(lines).encode())[:-500])
    shop.write(folder / "2026/01/05/02/_tmp", ["nonsense"])
    pq.write_table(pyarrow.csv.read_csv(TRAINING).slice(0, 300), folder / "more.parquet")
    return folder


def test_check_says_the_same_of_a_store_as_of_a_local_copy(store, base, tmp_path):
    folder = captures(tmp_path / "captures")
    there = store.upload(folder, "check")
    here = command.check(folder, base)
    found = command.check(there, base)
    assert found.code == here.code
    assert found.report == here.report
    assert here.report["inputs"]["rows"] > 900
    assert command.check(there, store.upload(base, "baselines/churn")).report == here.report


def test_inspect_says_the_same_of_a_store_as_of_a_local_copy(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    there = store.upload(captures(tmp_path / "inspect"), "inspect")
    here, found = command.driftd("inspect", "inspect"), command.driftd("inspect", there)
    assert (found.code, found.out.replace(there, "inspect")) == (here.code, here.out)
    assert "sagemaker (3 files), parquet (1 file)" in here.out


def test_a_baseline_is_made_shown_compared_and_promoted_in_a_store(store, base, tmp_path):
    data = store.put("train/training.csv", TRAINING.read_bytes())
    place = "s3://bucket/made/churn"
    made = command.driftd("baseline", "make", data, "--out", place)
    assert (made.code, made.out.startswith(f"{place}/v1-")) == (0, True)
    found, same = baselines.load(Url(place)), baselines.load(base)
    assert (found.name, found.version, found.digest) == (same.name, same.version, same.digest)
    assert found.statistics == same.statistics
    assert command.driftd("baseline", "make", data, "--out", place).out == made.out
    half = store.put("train/half.csv", b"\n".join(TRAINING.read_bytes().splitlines()[:1000]) + b"\n")
    assert command.driftd("baseline", "make", half, "--out", place).code == 0
    assert [version[:3] for version in baselines.versions(Url(place))] == ["v1-", "v2-"]
    assert baselines.load(Url(place)).version == found.version
    assert command.driftd("baseline", "promote", place, "v2").code == 0
    assert baselines.load(Url(place)).version.startswith("v2-")
    assert "versions     v1-" in command.driftd("baseline", "show", place).out
    assert "rows" in command.driftd("baseline", "diff", place, base).out


def test_the_history_of_a_baseline_lies_in_the_store_too(store, tmp_path):
    path = shop.write(tmp_path / "c.jsonl", shop.csv_captures(shop.validation_rows()))
    data = store.put("train/captures.jsonl", path.read_bytes())
    made = command.driftd("baseline", "make", data, "--out", "s3://bucket/made/dated")
    assert "\nhistory: " in made.out
    found = baselines.load(Url("s3://bucket/made/dated"), with_history=True)
    assert found.history.digest == found.history_digest
    assert found.history.rows.sum() == found.profile.rows
    assert "history      1 hour" in command.driftd("baseline", "show", "s3://bucket/made/dated").out


def test_a_baseline_that_is_not_there_says_how_to_make_it(store, tmp_path):
    shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()[:5]))
    ran = command.driftd("check", tmp_path / "a.jsonl", "--baseline", "s3://bucket/none")
    assert ran.code == 2
    assert ran.err.startswith("driftd: s3://bucket/none: no baseline is there; make one with `driftd baseline make")


def test_a_baseline_in_a_store_that_refuses_is_exit_2(tmp_path):
    shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()[:5]))
    with object_store.answering(403, "AccessDenied", "Access Denied"):
        for arguments in (
            ["check", tmp_path / "a.jsonl", "--baseline", "s3://bucket/b"],
            ["baseline", "show", "s3://bucket/b"],
        ):
            ran = command.driftd(*arguments)
            assert (ran.code, ran.err) == (2, "driftd: s3://bucket/b: cannot be read: Forbidden\n")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("s3://bucket/nowhere", "s3://bucket/nowhere: does not exist"),
        ("s3://nobody/c", "s3://nobody/c: does not exist (The specified bucket does not exist)"),
        ("s3://key:hush@bucket/c", "s3://***@bucket/c: is a URL with credentials"),
        ("gs://bucket/c", "pip install 'driftd[gcs]'"),
        ("ftp://host/c", "is no place that driftd reads: protocol 'ftp'"),
    ],
)
def test_a_place_that_cannot_be_read_is_one_line_and_exit_2(store, base, place, told):
    ran = command.driftd("check", place, "--baseline", base)
    assert ran.code == 2
    assert told in ran.err
    assert (ran.err.count("\n"), "hush" in ran.err) == (1, False)


def test_evaluate_takes_places_from_its_configuration(store, base, tmp_path):
    folder = captures(tmp_path / "captures")
    there, kept = store.upload(folder, "evaluate"), store.upload(base, "kept/churn")
    reports = []
    for name, where, baseline in (("here", folder, base), ("there", there, kept)):
        config = tmp_path / f"{name}.yaml"
        config.write_text(f"state: {name}\nmonitors:\n  churn: {{captures: '{where}', baseline: '{baseline}'}}\n")
        ran = command.driftd("evaluate", "--config", config, "--json")
        reports.append({**ran.report, "config_digest": ""})
        if name == "there":
            shown = command.driftd("config", "show", config).out
            assert f"path: {there}\n" in shown
            assert f"baseline: {kept}\n" in shown
    assert reports[0] == reports[1]


def test_state_stays_local(base, tmp_path):
    (tmp_path / "c.yaml").write_text("state: s3://bucket/state\nmonitors: {m: {captures: c, baseline: b}}\n")
    ran = command.driftd("config", "check", tmp_path / "c.yaml")
    assert ran.code == 2
    assert "state: 's3://bucket/state' is a URL; a local path would be right here" in ran.err + ran.out


def test_objects_that_go_between_listing_and_reading_are_rejects_and_the_rest_is_read(store, tmp_path):
    lines = shop.csv_captures(shop.validation_rows()[:20])
    shop.write(tmp_path / "a.jsonl", lines[:10])
    shop.write(tmp_path / "b.jsonl", lines[10:])
    reading = Reading([store.upload(tmp_path, "gone")], Expected())
    store.delete("gone/a.jsonl")
    found = sum((batch.volume for batch in reading), Volume())
    assert (found.rows, found.rejected) == (10, {"unreadable": 1})


def test_a_store_that_breaks_off_gives_no_verdict_and_exit_4(store, base, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "SMALL_BYTES", 10)
    monkeypatch.setattr(remote, "PAUSE_SECONDS", 0.0)
    shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    there = store.upload(tmp_path, "breaks")
    whole = (tmp_path / "a.jsonl").stat().st_size
    with store.cut("/bucket/breaks/a.jsonl", whole // 2):
        ran = command.driftd("check", there, "--baseline", base)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("driftd: s3://bucket/breaks/a.jsonl: ")
    with store.cut("/bucket/breaks/a.jsonl", whole // 2), pytest.raises(SourceError):
        list(Reading([there], Expected()))
    assert command.driftd("check", there, "--baseline", base).code in (0, 1)


def test_a_manifest_in_a_store_names_files_of_its_bucket_and_of_no_other(store, tmp_path):
    lines = shop.csv_captures(shop.validation_rows()[:30])
    store.put("data/part-0.jsonl", "\n".join(lines[:10]).encode())
    store.put("capture/input/near.jsonl", "\n".join(lines[10:15]).encode())
    store.client.create_bucket(Bucket="secret")
    store.put("x.jsonl", "\n".join(lines).encode(), bucket="secret")
    names = [{"prefix": "s3://"}, "bucket/data/part-0.jsonl", "other/input/near.jsonl", "secret/x.jsonl", "bucket/no"]
    manifest = store.put("capture/input/m.json", json.dumps(names).encode())
    found = sum((batch.volume for batch in Reading([manifest], Expected())), Volume())
    assert (found.rows, found.rejected) == (15, {"not_here": 2})


def test_paths_urls_and_listings_may_be_read_together(store, tmp_path):
    lines = shop.csv_captures(shop.validation_rows()[:30])
    (tmp_path / "in").mkdir()
    for number in range(3):
        shop.write(tmp_path / "in" / f"{number}.jsonl", lines[number * 10 :][:10])
    there = store.put("together/1.jsonl", (tmp_path / "in" / "1.jsonl").read_bytes())
    (own,) = listed(tmp_path / "in" / "2.jsonl")
    reading = Reading([tmp_path / "in" / "0.jsonl", str(tmp_path / "in" / "0.jsonl"), there, own], Expected())
    assert sum((batch.volume for batch in reading), Volume()).rows == 30
    assert sorted(reading.digests) == sorted([str(tmp_path / "in" / "0.jsonl"), there, own.path])
    assert [str(place(str(file))) for file in reading.files] == [str(file) for file in reading.files]
