"""Round numbers for the axes of a picture."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FINEST = 1e-300  # nothing below is told from nothing


def round_step(span: float, most: int, *, whole: bool = False) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that cuts a span into at most so many steps.

    `whole` leaves out what is no whole number. 0 where the span is none, or too large or small for a number.

    >>> round_step(350.8, 24), round_step(0.273, 3), round_step(7.0, 24, whole=True), round_step(0.0, 5)
    (20.0, 0.1, 1.0, 0.0)
    """
    rough = span / most
    if not (math.isfinite(rough) and rough > FINEST):
        return 0.0
    power = math.floor(math.log10(rough))
    for exponent in (power, power + 1):
        for factor in (1.0, 2.0, 2.5, 5.0):
            step = float(f"{factor}e{exponent}")
            if step >= rough * (1 - 1e-9) and not (whole and step != round(step)):
                return step
    return max(1.0, float(f"1e{power + 2}"))


def multiples(low: float, high: float, step: float) -> Floats:
    """The multiples of a step from one at or below `low` to the first above `high`, without the dust of products.

    Empty where the step is too small to tell such numbers apart.

    >>> multiples(0.05, 0.3, 0.1).tolist()
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    if step <= 0 or not step > 1e-12 * max(abs(low), abs(high)):
        return np.zeros(0)
    near = range(math.floor(low / step) - 1, math.floor(high / step) + 3)  # 0.3 / 0.1 is less than 3
    found = np.array([float(f"{k * step:.12g}") for k in near])
    return found[max(0, int((found <= low).sum()) - 1) : int((found <= high).sum()) + 1]
