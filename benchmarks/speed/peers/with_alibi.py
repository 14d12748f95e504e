"""alibi-detect: TabularDrift over all columns; codes of categories, medians for nulls and the summary by hand."""

import sys

import numpy as np
import pandas as pd
from alibi_detect.cd import TabularDrift
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
texts = [name for name in now.columns if not pd.api.types.is_numeric_dtype(now[name])]
values = {name: pd.Index(np.union1d(before[name].unique(), now[name].unique())) for name in texts}


def numbers(frame: pd.DataFrame) -> np.ndarray:
    found = frame.copy()
    for name in texts:
        found[name] = values[name].get_indexer(found[name])
    return found.fillna(before.median(numeric_only=True)).to_numpy(dtype=float)


codes = {list(now.columns).index(name): list(range(len(values[name]))) for name in texts}
detector = TabularDrift(numbers(before), p_val=0.05, categories_per_feature=codes)
found = detector.predict(numbers(now), drift_type="feature")["data"]["is_drift"]
now.describe()
for name in texts:
    now[name].value_counts()
clock.tell(drifted=[name for name, is_drifted in zip(now.columns, found, strict=True) if is_drifted])
