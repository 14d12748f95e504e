"""The daemon on captures and a baseline that lie in an object store."""

from datetime import UTC, datetime
from pathlib import Path

from daemons import HOUR, Farm, Process, fetched
from object_store import s3

BUCKET = "captures: 's3://bucket/captures', baseline: 's3://bucket/baselines/model'"
SCHEDULE = "schedule: {every: 1h, delay: 0s, late: {allowed: 2h}}"


def test_windows_are_judged_from_a_bucket_and_a_bucket_that_fails_is_one_monitors_trouble(tmp_path: Path) -> None:
    farm = Farm(tmp_path)
    farm.baseline()
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251  the daemon's clock is the machine's
    for hours in (3, 2, 1):
        farm.captures("m", now - hours * HOUR, moved=hours == 1)
    with s3() as store:
        store.upload(tmp_path / "captures" / "m", "captures")
        store.upload(tmp_path / "baselines", "baselines")
        farm.write(
            monitors=f"  there: {{{BUCKET}, {SCHEDULE}}}\n"
            f"  local: {{captures: captures/m, baseline: baselines/model, {SCHEDULE}}}\n"
            f"  gone: {{captures: 's3://nowhere/captures', baseline: baselines/model, {SCHEDULE}}}"
        )
        with Process(farm.config, AWS_ENDPOINT_URL=store.address) as daemon:
            url = daemon.url()
            daemon.awaited("monitor=there", seconds=60)
            for hours in (3, 2, 1):
                end = now - (hours - 1) * HOUR
                for name in ("there", "local"):
                    wanted = f"monitor={name} "
                    daemon.awaited_all("window judged", wanted, f"window_end={end:%Y-%m-%dT%H:%M:%SZ}")
            code, shown = fetched(f"{url}metrics")
            assert code == 200
            for name in ("there", "local"):
                assert f'driftd_feature_drifted{{monitor="{name}",feature="income"}} 1.0' in shown
                assert f'driftd_monitor_window_records{{monitor="{name}"}} 300.0' in shown
            assert "s3://nowhere/captures" in daemon.awaited("monitor=gone")
            assert 'driftd_monitor_windows_pending{monitor="gone"}' not in shown
            assert daemon.end() == 0
