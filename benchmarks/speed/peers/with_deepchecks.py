"""deepchecks: its check of feature drift; it samples, and it has no summary, which is pandas'."""

import sys

import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import FeatureDrift
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
texts = [name for name in now.columns if not pd.api.types.is_numeric_dtype(now[name])]
sides = (Dataset(frame, cat_features=texts) for frame in (before, now))
found = FeatureDrift().run(*sides).value
now.describe()
for name in texts:
    now[name].value_counts()
clock.tell(drifted=[name for name, one in found.items() if one["Drift score"] >= 0.2])
