"""Evidently: a report with its presets for drift and for the summary."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset, DataSummaryPreset
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
found = Report([DataDriftPreset(), DataSummaryPreset()]).run(now, before).dict()
counted = next(metric for metric in found["metrics"] if "DriftedColumnsCount" in metric["metric_name"])
clock.tell(drifted=counted["value"]["count"])
