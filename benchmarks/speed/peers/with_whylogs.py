"""whylogs: a profile of each side, its drift scores, and the summary that profiles give."""

import sys

import pandas as pd
import whylogs as why
from told import Clock
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
base, view = (why.log(frame).view() for frame in (before, now))
view.to_pandas()
scores = calculate_drift_scores(target_view=view, reference_view=base, with_thresholds=True)
drifted = [name for name, score in scores.items() if score and "NO" not in score["drift_category"]]
clock.tell(drifted=drifted)
