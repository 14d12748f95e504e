"""NannyML: univariate drift, summary statistics and missing values, on its own chunks."""

import sys

import nannyml as nml
import pandas as pd
from told import Clock

clock = Clock()
before, now = (pd.read_parquet(path) for path in sys.argv[1:])
clock.spent("reading")
names = list(now.columns)
numbers = [name for name in names if pd.api.types.is_numeric_dtype(now[name])]
texts = [name for name in names if name not in numbers]
drift = nml.UnivariateDriftCalculator(column_names=names, treat_as_categorical=texts).fit(before).calculate(now)
for calculator in (
    nml.SummaryStatsAvgCalculator(column_names=numbers),
    nml.SummaryStatsStdCalculator(column_names=numbers),
    nml.SummaryStatsMedianCalculator(column_names=numbers),
    nml.MissingValuesCalculator(column_names=names),
):
    calculator.fit(before).calculate(now).to_df()
alerts = drift.filter(period="analysis").to_df().xs("alert", axis=1, level=2)
clock.tell(drifted=sorted({column[0] for column in alerts.columns[alerts.any()]}))
