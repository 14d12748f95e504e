"""What Model Monitor says of a violation, word for word where its words are known.

| violation                | its words                                                                              |
|--------------------------|----------------------------------------------------------------------------------------|
| data_type_check          | observed, in many published reports                                                    |
| extra_column_check       | observed                                                                               |
| missing_column_check     | the second sentence observed, the first and the name "Missing columns" by symmetry     |
| baseline_drift_check     | observed as a pattern that AWS's own sample code looks for                             |
| completeness_check       | ours: no published report of the current container shows one                           |
| categorical_values_check | ours: likewise                                                                         |
"""

import math
from decimal import Decimal

WHOLE_WINDOW = {"missing_column_check": "Missing columns", "extra_column_check": "Extra columns"}
OBSERVED = ("data_type_check", "extra_column_check", "baseline_drift_check")
OURS = ("missing_column_check", "completeness_check", "categorical_values_check")


def java_double(x: float) -> str:
    """A number as Java's `Double.toString` writes it: plain from 0.001 to below 10 million, else with an exponent.

    >>> java_double(100.0 * 1970 / 1977), java_double(100.0), java_double(1e-4), java_double(12345678.0)
    ('99.64592817400101', '100.0', '1.0E-4', '1.2345678E7')
    """
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    sign = "-" if math.copysign(1.0, x) < 0 else ""
    if x == 0:
        return f"{sign}0.0"
    _, numerals, exponent = Decimal(repr(abs(x))).normalize().as_tuple()
    digits = "".join(map(str, numerals))
    place = len(digits) + int(exponent)  # the value is 0.digits * 10**place
    if not 1e-3 <= abs(x) < 1e7:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{place - 1}"
    padded = "0" * (1 - place) + digits + "0" * (place - len(digits))
    point = max(place, 1)
    return f"{sign}{padded[:point]}.{padded[point:] or '0'}"


def percentage(count: int, total: int) -> str:
    """A share in per cent, computed in that product's order: `100.0 * count / total`."""
    return f"{java_double(100.0 * count / total)}%"


def data_type(kind: str, count: int, total: int, threshold: float) -> str:
    return (
        f"Data type match requirement is not met. Expected data type: {kind}, "
        f"Expected match: {java_double(100.0 * threshold)}%. "
        f"Observed: Only {percentage(count, total)} of data is {kind}."
    )


def completeness(count: int, total: int, threshold: float) -> str:
    return (
        f"Completeness requirement is not met. Expected completeness: {java_double(100.0 * threshold)}%. "
        f"Observed: Only {percentage(count, total)} of data is complete."
    )


def categorical_values(count: int, total: int, threshold: float) -> str:
    return (
        f"Categorical values requirement is not met. Expected match: {java_double(100.0 * threshold)}%. "
        f"Observed: Only {percentage(count, total)} of data is in the expected domain."
    )


def drift(distance: float, threshold: float) -> str:
    return f"Baseline drift distance: {java_double(distance)} exceeds threshold: {java_double(threshold)}"


def columns(kind: str, now: int, base: int) -> str:
    """`kind` is "missing" or "extra"."""
    return (
        f"There are {kind} columns in current dataset. Number of columns in current dataset: {now}, "
        f"Number of columns in baseline constraints: {base}"
    )
