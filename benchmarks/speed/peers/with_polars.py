"""polars and scipy: what somebody who wants it quick writes by hand."""

import sys

import polars as pl
from scipy.stats import chi2_contingency, ks_2samp
from told import Clock

clock = Clock()
before, now = (pl.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
drifted = []
now.describe()
for name in now.columns:
    if now[name].dtype == pl.String:
        counts = (side[name].value_counts() for side in (before, now))
        both = next(counts).join(next(counts), on=name, how="full", coalesce=True).fill_null(0)
        p = chi2_contingency(both.select("count", "count_right").to_numpy().T).pvalue
    else:
        p = ks_2samp(*(side[name].drop_nulls().to_numpy() for side in (before, now)), method="asymp").pvalue
        now[name].n_unique()
        now[name].quantile(0.95)
    if p < 0.05:
        drifted.append(name)
clock.tell(drifted=drifted)
