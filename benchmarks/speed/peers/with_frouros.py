"""frouros: a test by column; nulls, categories and the summary are the user's own."""

import sys

import pandas as pd
from frouros.detectors.data_drift import ChiSquareTest, KSTest
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
drifted = []
now.describe()
for name in now.columns:
    is_text = not pd.api.types.is_numeric_dtype(now[name])
    detector = ChiSquareTest() if is_text else KSTest()
    detector.fit(X=before[name].dropna().to_numpy())
    result, _ = detector.compare(X=now[name].dropna().to_numpy())
    if is_text:
        now[name].value_counts()
    if result.p_value < 0.05:
        drifted.append(name)
clock.tell(drifted=drifted)
