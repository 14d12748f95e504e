"""Series: what one number was in successive windows of a monitor, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.window import Window

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """Window i runs from `starts[i]` to `ends[i]`, whole seconds of UTC time; ends rise. Windows may overlap, and need
    not meet. `interval` is how far apart ends usually are.
    """

    starts: Counts
    ends: Counts
    interval: timedelta

    def __post_init__(self) -> None:
        if self.starts.ndim != 1 or self.starts.shape != self.ends.shape:
            raise ValueError(f"{self.starts.shape} starts and {self.ends.shape} ends: must be as many")
        if self.interval < SECOND:
            raise ValueError(f"interval {self.interval}: must be a second or more")
        if (self.ends <= self.starts).any():
            raise ValueError("a window that ends where it starts, or before: must be after")
        if (np.diff(self.ends) <= 0).any():
            raise ValueError("window ends that do not rise: must be in order, each once")

    @classmethod
    def of(cls, windows: Sequence[Window], interval: timedelta) -> Self:
        """These windows, in order; parts of a second are cut off."""
        starts = np.array([seconds(window.start) for window in windows], np.int64)
        ends = np.array([seconds(window.end) for window in windows], np.int64)
        return cls(starts=starts, ends=ends, interval=interval)

    def __len__(self) -> int:
        return len(self.ends)

    def window(self, number: int) -> Window:
        """The window of this number; from the newest where it is negative."""
        return Window(start=moment(int(self.starts[number])), end=moment(int(self.ends[number])))

    def same(self, other: "Windows") -> bool:
        """Whether these are the same windows."""
        return self is other or (np.array_equal(self.ends, other.ends) and np.array_equal(self.starts, other.starts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """A value for each window, nan where it is missing: nothing was measured, or the window was not judged.

    `samples` are the rows that a value was made from; 0 where none are known. An infinite value may stand here, and
    counts as missing wherever it is reckoned with.
    """

    windows: Windows
    values: Floats
    samples: Counts = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        for name, array in (("values", self.values), ("samples", self.samples)):
            if array.shape != self.windows.ends.shape:
                raise ValueError(f"{array.shape} {name} for {len(self.windows)} windows: must be one for each")

    @classmethod
    def of(cls, windows: Windows, values: ArrayLike, samples: ArrayLike | None = None) -> Self:
        """Values in the order of the windows, None or nan for what is missing; without `samples` all are 0."""
        counts = np.zeros(len(windows), np.int64) if samples is None else np.asarray(samples, np.int64)
        return cls(windows=windows, values=np.asarray(values, np.float64), samples=counts)

    @classmethod
    def nothing(cls, windows: Windows) -> Self:
        """Missing in each window."""
        return cls.of(windows, np.full(len(windows), np.nan))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def finite(self) -> Floats:
        """The values, nan for what is infinite too."""
        return np.where(np.isfinite(self.values), self.values, np.nan)

    def before(self, at: datetime) -> "Series":
        """What was there by this moment: windows that had ended."""
        count = int(np.searchsorted(self.windows.ends, seconds(at), side="right"))
        windows = replace(self.windows, starts=self.windows.starts[:count], ends=self.windows.ends[:count])
        return Series(windows=windows, values=self.values[:count], samples=self.samples[:count])

    def on(self, windows: Windows) -> "Series":
        """The same in these windows: missing where none of its own is the same, and without those that are not there.

        >>> hours = [Window(start=EPOCH + n * 3600 * SECOND, end=EPOCH + (n + 1) * 3600 * SECOND) for n in range(3)]
        >>> short = Series.of(Windows.of(hours[:2], 3600 * SECOND), [1, 2], [10, 20]).on(
        ...     Windows.of(hours[1:], 3600 * SECOND))
        >>> short.values.tolist(), short.samples.tolist()
        ([2.0, nan], [20, 0])
        """
        if self.windows.same(windows):
            return self
        values, samples = np.full(len(windows), np.nan), np.zeros(len(windows), np.int64)
        at = np.searchsorted(self.windows.ends, windows.ends)
        known = np.flatnonzero(at < len(self))
        mine = at[known]
        is_same = (self.windows.ends[mine] == windows.ends[known]) & (
            self.windows.starts[mine] == windows.starts[known]
        )
        values[known[is_same]] = self.values[mine[is_same]]
        samples[known[is_same]] = self.samples[mine[is_same]]
        return Series(windows=windows, values=values, samples=samples)


def seconds(at: datetime) -> int:
    """Whole seconds of UTC time."""
    return (at - EPOCH) // SECOND


def moment(at: int) -> datetime:
    """The moment of so many seconds."""
    return EPOCH + at * SECOND
