"""Event times as written, to seconds of UTC."""

import re
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# The seconds that datetime can tell: years 1 to 9999.
FIRST = int(datetime.min.replace(tzinfo=UTC).timestamp())
LAST = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
# Below these a number is seconds, milliseconds or microseconds, otherwise nanoseconds. In each unit the years up to
# 5138 are, and from 1973 on no smaller unit could be meant.
SECONDS, MILLISECONDS, MICROSECONDS = 10**11, 10**14, 10**17
NUMBER = r"^[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$"
FEW = 32  # texts that are read one by one
ZONE = re.compile(r"(?:Z|[-+][0-9]{2}:?[0-9]{2})$")
Seconds = tuple[NDArray[np.int64], NDArray[np.bool_]]


def seconds_of(times: pa.Array) -> Seconds:
    """Whole seconds since 1970, rounded down, and whether there is one, shapes (n,).

    Texts are ISO 8601, a time without a zone being UTC, or numbers. Numbers are seconds, milliseconds, microseconds or
    nanoseconds since 1970, told apart by their size. Arrow's times and dates are what they say. Anything else, nan and
    years outside 1 to 9999 are no time.
    """
    kind = times.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        seconds, timed = _from_texts(times.cast(pa.string()))
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
        seconds, timed = _from_numbers(times)
    elif pa.types.is_timestamp(kind):
        seconds, timed = _whole(times.cast(pa.int64()), PER_SECOND[kind.unit])
    elif pa.types.is_date(kind):
        seconds, timed = _whole(times.cast(pa.timestamp("s")).cast(pa.int64()), 1)
    else:
        seconds, timed = np.zeros(len(times), np.int64), np.zeros(len(times), dtype=bool)
    timed = timed & (seconds >= FIRST) & (seconds <= LAST)
    return np.where(timed, seconds, 0), timed


def _whole(units: pa.Array, per_second: int) -> Seconds:
    seconds = pc.fill_null(units, 0).to_numpy(zero_copy_only=False) // per_second
    return seconds, pc.is_valid(units).to_numpy(zero_copy_only=False)


def _from_numbers(numbers: pa.Array) -> Seconds:
    timed = pc.is_valid(numbers).to_numpy(zero_copy_only=False)
    given = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
    if given.dtype != np.int64:
        with np.errstate(invalid="ignore"):
            fits = np.abs(given) < 2.0**63
        timed, given = timed & fits, np.floor(np.where(fits, given, 0)).astype(np.int64)
    size = np.maximum(given, -(given + 1))  # the absolute value, which the least number does not have
    per_second = np.select(
        [size < SECONDS, size < MILLISECONDS, size < MICROSECONDS], [1, 10**3, 10**6], default=10**9
    ).astype(np.int64)
    return given // per_second, timed


def _from_texts(texts: pa.StringArray) -> Seconds:
    if _zone(texts) is not None:  # nearly always; a number has none, so all are times where the cast succeeds
        try:
            return _cast(texts, "UTC")
        except pa.ArrowInvalid:
            pass
    texts = pc.utf8_trim_whitespace(texts)
    is_number = _is_number(texts)
    if not is_number.true_count:
        return _from_iso(texts)
    seconds, timed = _from_digits(texts.filter(is_number))
    at = is_number.to_numpy(zero_copy_only=False)
    if at.all():
        return seconds, timed
    others, other_timed = _from_iso(texts.filter(pc.invert(is_number)))
    whole, whole_timed = np.zeros(len(at), np.int64), np.zeros(len(at), dtype=bool)
    whole[at], whole[~at], whole_timed[at], whole_timed[~at] = seconds, others, timed, other_timed
    return whole, whole_timed


def _is_number(texts: pa.StringArray) -> pa.BooleanArray:
    """Whether each is a number; eight digits are a date (20260105), as ISO 8601 has it."""
    found = pc.fill_null(pc.match_substring_regex(texts, NUMBER), False)
    eight = pc.fill_null(pc.equal(pc.binary_length(texts), 8), False)
    if eight.true_count:
        found = pc.and_not(found, pc.and_(eight, pc.utf8_is_digit(pc.fill_null(texts, ""))))
    return found


def _from_iso(texts: pa.StringArray) -> Seconds:
    """All at once where all have a zone, or none; in halves where one of them cannot be read so, few one by one.

    Unlike strptime, the cast knows how many days a month has; but one time that it cannot read fails them all.
    """
    try:
        return _cast(texts, _zone(texts))  # the other one fails, and slowly
    except pa.ArrowInvalid:
        if len(texts) <= FEW:
            return _one_by_one(texts)
    halves = [_from_iso(texts[: len(texts) // 2]), _from_iso(texts[len(texts) // 2 :])]
    seconds, timed = (np.concatenate(parts) for parts in zip(*halves, strict=True))
    return seconds, timed


def _zone(texts: pa.StringArray) -> str | None:
    """The zone that the first of them is told in, as a cast needs it; None where it has none."""
    present = texts.drop_null() if texts.null_count else texts
    return "UTC" if len(present) and ZONE.search(present[0].as_py()) else None


def _cast(texts: pa.StringArray, zone: str | None) -> Seconds:
    return _whole(texts.cast(pa.timestamp("us", zone)).cast(pa.int64()), PER_SECOND["us"])


def _from_digits(texts: pa.StringArray) -> Seconds:
    try:
        return _from_numbers(texts.cast(pa.int64()))
    except pa.ArrowInvalid:  # a point, an exponent, a plus sign, or more than 64 bits
        return _from_numbers(pc.utf8_ltrim(texts, "+").cast(pa.float64()))


def _one_by_one(texts: pa.StringArray) -> Seconds:
    found = [_seconds(text) for text in texts.to_pylist()]
    timed = np.array([second is not None for second in found], dtype=bool)
    return np.array([second or 0 for second in found], dtype=np.int64), timed


def _seconds(text: str | None) -> int | None:
    try:
        at = datetime.fromisoformat(text or "")
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        return None


def moment(seconds: int) -> datetime:
    """The aware UTC time of a second."""
    return datetime.fromtimestamp(seconds, tz=UTC)
