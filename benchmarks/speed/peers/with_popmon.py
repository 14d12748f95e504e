"""popmon: histograms of both sides by day, then its profiles, comparisons and traffic lights."""

import sys

import pandas as pd
import popmon  # noqa: F401
from histogrammar.dfinterface.make_histograms import get_bin_specs, make_histograms
from popmon import Settings, stability_metrics
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
for frame, first, days in ((before, "2026-01-01", 10), (now, "2026-02-01", 1)):
    frame["at"] = pd.Timestamp(first) + pd.to_timedelta([i * days // len(frame) for i in range(len(frame))], unit="D")
names = [name for name in now.columns if name != "at"]
days = {"at": {"bin_width": pd.Timedelta("1D").value, "bin_offset": pd.Timestamp("2026-01-01").value}}
base = make_histograms(before, [f"at:{name}" for name in names], bin_specs=days, time_axis="at")
found = stability_metrics(
    make_histograms(now, list(base), bin_specs=get_bin_specs(base), time_axis="at"),
    Settings(time_axis="at", reference_type="external"),
    reference=base,
)
lights = found["traffic_lights"]
drifted = [name for name in names if (lights[name].filter(regex="(?<!_trend)$").max(axis=None) or 0) >= 2]
clock.tell(drifted=drifted)
