"""Lines of a comma-separated table to its rows: a line end inside quotes belongs to the value."""

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.csv_rows import FIELD, WELL_FORMED
from monitor.payloads.texts import holds, text_of

Indices = NDArray[np.int64]
NONE = np.zeros(0, np.int64)
MOST_LINES = 1000  # of one row
MOST_CHARACTERS = 1 << 20
OPEN = re.compile(f'^(?:{FIELD},)*"(?:[^"]|"")*$')  # its last field is opened and not closed
WHOLE = re.compile(WELL_FORMED)
SUSPECT_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows, the line where each begins, the lines that are part of none, and those that need more lines to be one.

    `is_certain`: all rows with quotes are well-formed, and no other has a line end in it.
    """

    rows: pa.StringArray
    at: Indices
    broken: Indices
    open: Indices
    is_certain: bool

    def without(self, gone: NDArray[np.bool_]) -> "Joined":
        """But for these rows."""
        return replace(self, rows=self.rows.filter(pa.array(~gone)), at=self.at[~gone]) if gone.any() else self


def joined(lines: pa.StringArray, width: int, *, is_last: bool) -> Joined:
    """The rows of these lines; unless `is_last`, those at the end that may go on are left open.

    A line with an open quote takes the lines behind it as far as the quote is closed. Where it never is, or where at
    least three lines between are whole rows of `width` columns by themselves, the quote was a stray one.
    """
    every = np.arange(len(lines))
    raw, lines = lines, _without_return(lines)
    is_certain = not holds(text_of(lines), (b"\r",))
    if not holds(text_of(lines), (b'"',)):
        return Joined(rows=lines, at=every, broken=NONE, open=NONE, is_certain=is_certain)
    has_quote = pc.match_substring(lines, '"').to_numpy(zero_copy_only=False)
    quoted = np.flatnonzero(has_quote)
    chosen = lines if has_quote.all() else lines.take(pa.array(quoted))
    good = pc.match_substring_regex(chosen, WELL_FORMED).to_numpy(zero_copy_only=False)
    if good.all():
        return Joined(rows=lines, at=every, broken=NONE, open=NONE, is_certain=is_certain)
    rows, gone, broken, open_lines = _mended(raw, quoted[~good], quoted, width, is_last=is_last)
    kept = np.ones(len(lines), dtype=bool)
    kept[[*gone, *broken, *open_lines.tolist()]] = False
    if rows:
        mask = np.zeros(len(lines), dtype=bool)
        mask[list(rows)] = True
        lines = pc.replace_with_mask(lines, pa.array(mask), pa.array([rows[i] for i in sorted(rows)], pa.string()))
    return Joined(
        rows=lines.filter(pa.array(kept)),
        at=every[kept],
        broken=np.array(broken, dtype=np.int64),
        open=open_lines,
        is_certain=is_certain,
    )


def _mended(
    lines: pa.StringArray, bad: Indices, quoted: Indices, width: int, *, is_last: bool
) -> tuple[dict[int, str], set[int], list[int], Indices]:
    """Rows over several lines by their first line, the lines that they take, the broken ones, and those left open."""
    rows: dict[int, str] = {}
    gone, broken = set[int](), list[int]()
    for index in bad.tolist():
        if index in gone:
            continue
        end, text = _closed(lines, index, quoted, width)
        if end > 0:
            rows[index] = text
            gone.update(range(index + 1, end + 1))
        elif end == 0 and not is_last:
            return rows, gone, broken, np.arange(index, len(lines))
        else:
            broken.append(index)
    return rows, gone, broken, NONE


def _without_return(lines: pa.StringArray) -> pa.StringArray:
    return pc.utf8_rtrim(lines, characters="\r") if holds(text_of(lines), (b"\r",)) else lines


def _closed(lines: pa.StringArray, index: int, quoted: Indices, width: int) -> tuple[int, str]:
    """The line in which the quote opened in this one is closed, and the row; 0 where the lines end before, else -1."""
    text: str = lines[index].as_py()
    if not OPEN.match(text):
        return -1, ""
    last = index
    for following in quoted[np.searchsorted(quoted, index + 1) :].tolist():
        if following - index > MOST_LINES or len(text) > MOST_CHARACTERS:
            return -1, ""
        text = "\n".join([text, *lines[last + 1 : following + 1].to_pylist()])
        last = following
        if WHOLE.match(text.rstrip("\r")):
            is_stray = _is_stray(lines[index + 1 : following], width)
            return (-1, "") if is_stray else (following, text.rstrip("\r"))
        if not OPEN.match(text):
            return -1, ""
    return (0, "") if len(lines) - index <= MOST_LINES else (-1, "")


def _is_stray(between: pa.StringArray, width: int) -> bool:
    """Whether the lines that a quote would swallow are rows by themselves."""
    if len(between) < SUSPECT_LINES or pc.any(pc.match_substring(between, '"')).as_py():
        return False
    commas = pc.count_substring(between, ",").to_numpy(zero_copy_only=False)
    return bool((commas == width - 1).all())
