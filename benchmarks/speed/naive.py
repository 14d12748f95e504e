"""Naive: captures to figures the usual way, with pandas and scipy.

usage: python -m benchmarks.speed.naive join|rows TRAINING CAPTURES [ROWS]

`join` reads each line with json and all payloads at once with pandas; `rows` takes each payload apart with csv as
well. Both then summarise every column and put scipy's two-sample Kolmogorov-Smirnov test to every number.
"""

import csv
import io
import json
import sys
from itertools import islice

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from benchmarks.speed.peers.told import Clock


def joined(path: str, names: list[str], most: int | None) -> pd.DataFrame:
    """All payloads as one text of CSV."""
    rows = []
    with open(path) as file:
        for line in islice(file, most):
            data = json.loads(line)["captureData"]
            rows.append(data["endpointOutput"]["data"] + "," + data["endpointInput"]["data"])
    return pd.read_csv(io.StringIO("\n".join(rows)), names=names, header=None)


def row_by_row(path: str, names: list[str], most: int | None) -> pd.DataFrame:
    """A list for each row."""
    rows = []
    with open(path) as file:
        for line in islice(file, most):
            data = json.loads(line)["captureData"]
            rows.append([data["endpointOutput"]["data"], *next(csv.reader([data["endpointInput"]["data"]]))])
    table = pd.DataFrame(rows, columns=names)
    for name in names:
        if not name.startswith("text"):
            table[name] = pd.to_numeric(table[name])
    return table


def compare(now: pd.DataFrame, base: pd.DataFrame) -> int:
    """Everything that a profile holds; how many columns have drifted."""
    drifted = 0
    now.describe()
    for name in now.columns:
        if name.startswith("text"):
            now[name].value_counts()
            continue
        values = now[name].dropna()
        np.quantile(values, np.linspace(0, 1, 11))
        values.nunique()
        np.histogram(values, 20)
        drifted += ks_2samp(base[name].dropna(), values).pvalue < 0.05
    return int(drifted)


def main() -> None:
    """Read, compare, tell."""
    clock = Clock()
    how, training, path, *most = sys.argv[1:]
    base = pd.read_csv(training)
    read = joined if how == "join" else row_by_row
    now = read(path, list(base.columns), int(most[0]) if most else None)
    clock.tell(rows=len(now), drifted=compare(now, base))


if __name__ == "__main__":
    main()
