"""Lines that are alike but for their texts: read by where their quotes stand, without a parser.

Nearly all records of a log are of one make: the same keys in the same order, and texts for values. One line of that
make is parsed; the others have the same bytes outside of their texts, which is compared, so what is true of the one is
true of each: no parser would read them another way. Lines that are of another make, or hold what is hard to tell from
its bytes (an escape that is more than one sign, two backslashes, control characters), are left to the parser.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.cuts import MARK, framed_alike, mark, number_of
from monitor.payloads.texts import offsets_of, text_of

Indices = NDArray[np.int64]
FEWEST = 32  # lines; for fewer it does not pay
MOST_BYTES = 16 << 20  # of a block: it is larger than two megabytes only where a line is
MOST_SIGNS = 1 << 21  # quotes and spaces, or backslashes, in a block: each takes a few words of memory
QUOTE, BACKSLASH, SPACE, LINE_END = b'"\\ \n'
ESCAPED = np.zeros(256, np.uint8)  # by the sign behind a backslash; 0: more than one sign
for _sign, _meant in zip(b'"/bfnrt', b'"/\b\f\n\r\t', strict=True):
    ESCAPED[_sign] = _meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Lines of one make. `model` is one of them with a mark in the place of each text that is a value.

    `at` are the numbers of the lines, `others` those of the lines in between, both from 0 and ascending. `cuts` are the
    lines cut at their texts, so many `pieces` a line: what stands before the first text, the text, and so on.
    `has_escapes`: a backslash may stand in them.
    """

    model: str
    at: Indices
    others: Indices
    cuts: pa.StringArray
    pieces: int
    has_escapes: bool

    def columns(self, record: Mapping[str, str | None]) -> dict[str, pa.StringArray] | None:
        """The column for each text that was read from the model; None where one of them is more than a whole text."""
        found: dict[str, pa.StringArray] = {}
        for name, told in record.items():
            if told is None:
                found[name] = pa.nulls(len(self.at), pa.string())
            elif MARK not in told:
                found[name] = pa.repeat(pa.scalar(told, pa.string()), len(self.at))
            elif (number := number_of(told)) is not None:
                found[name] = self._text(number)
            else:
                return None
        return found

    def _text(self, number: int) -> pa.StringArray:
        lines = np.arange(len(self.at)) * self.pieces
        texts = pc.take(self.cuts, pa.array(lines + 2 * number + 1), boundscheck=False)
        return unescaped(texts) if self.has_escapes else texts


def alike(data: bytes) -> Alike | None:
    """The lines of the commonest make; None where too few are of one. The bytes must be UTF-8."""
    if len(data) > MOST_BYTES:
        return None
    codes = np.frombuffer(data, np.uint8)
    at = np.flatnonzero(codes <= QUOTE)  # quotes, line ends, spaces and little else: one pass for all
    signs = codes.take(at)
    ends = at[signs == LINE_END]
    if data and codes[-1] != LINE_END:
        ends = np.append(ends, len(data))
    escapes = np.count_nonzero(codes == BACKSLASH) if b"\\" in data else 0
    if len(ends) < FEWEST or max(escapes, len(at) - len(ends)) > MOST_SIGNS:
        return None
    quotes = at[signs == QUOTE]
    if escapes:
        quotes = quotes[codes.take(np.maximum(quotes - 1, 0)) != BACKSLASH]
    odd = np.zeros(len(ends), dtype=bool)
    control = (signs < SPACE) & (signs != LINE_END)
    if control.any():
        odd[np.searchsorted(ends, at[control])] = True
    if escapes and not _has_escaped_quotes_only(codes):
        behind = np.flatnonzero(codes[:-1] == BACKSLASH) + 1
        odd[np.searchsorted(ends, behind[ESCAPED[codes[behind]] == 0])] = True
    return _of_usual(data, ends, quotes, odd)


def _has_escaped_quotes_only(codes: NDArray[np.uint8]) -> bool:
    """Whether a quote stands behind every backslash."""
    is_backslash = codes == BACKSLASH
    pairs = np.count_nonzero(is_backslash[:-1] & (codes[1:] == QUOTE))
    return bool(pairs == np.count_nonzero(is_backslash))


def _of_usual(data: bytes, ends: Indices, quotes: Indices, odd: NDArray[np.bool_]) -> Alike | None:
    """The lines that have as many quotes as most, and what the first of them has between its texts."""
    starts = np.append(0, ends[:-1] + 1)
    first = np.searchsorted(quotes, starts)
    counts = np.diff(first, append=len(quotes))
    counts[odd] = 0
    usual = int(np.bincount(counts).argmax())
    at = np.flatnonzero(counts == usual)
    if usual == 0 or usual % 2 or len(at) < FEWEST:
        return None
    edges = quotes.reshape(-1, usual) if len(at) * usual == len(quotes) else quotes[first[at, None] + np.arange(usual)]
    for example in (0, len(at) // 2, len(at) - 1):  # any of them may be an odd one
        model, opening = _model(data, int(starts[at[example]]), int(ends[at[example]]), edges[example])
        cuts = np.empty((len(at), 2 * len(opening) + 2), np.int32)
        cuts[:, 0], cuts[:, -1] = starts[at], np.minimum(ends[at] + 1, len(data))
        cuts[:, 1:-1:2], cuts[:, 2:-1:2] = edges[:, opening] + 1, edges[:, opening + 1]
        kept, pieces = framed_alike(data, cuts, example)
        if 2 * len(kept) >= len(at):
            break
    if len(kept) < FEWEST:
        return None
    others = np.ones(len(ends), dtype=bool)
    others[at[kept]] = False
    return Alike(
        model=model,
        at=at[kept],
        others=np.flatnonzero(others),
        cuts=pieces,
        pieces=cuts.shape[1],
        has_escapes=b"\\" in data,
    )


def _model(data: bytes, start: int, end: int, edges: Indices) -> tuple[str, Indices]:
    """The line with marks for its values that are texts, and which of its quotes open one."""
    told, parts, opening, at = edges.tolist(), list[bytes](), list[int](), start
    for number in range(0, len(told), 2):
        behind = data[told[number + 1] + 1 : told[number + 2] if number + 2 < len(told) else end]
        if not behind.lstrip().startswith(b":"):
            parts += [data[at : told[number] + 1], mark(len(opening)).encode()]
            opening.append(number)
            at = told[number + 1]
    return b"".join([*parts, data[at:end]]).decode(), np.array(opening, np.int64)


def unescaped(texts: pa.StringArray) -> pa.StringArray:
    """Texts without nulls, in which every backslash stands before a sign of `ESCAPED`, with what they mean.

    >>> unescaped(pa.array(['say \\\\"x\\\\"', "a\\\\nb"])).to_pylist()
    ['say "x"', 'a\\nb']
    """
    codes = np.frombuffer(text_of(texts), np.uint8)
    is_plain = codes != BACKSLASH
    if is_plain.all():
        return texts
    before = np.flatnonzero(~is_plain)
    if not _has_escaped_quotes_only(codes):
        codes = codes.copy()
        codes[before + 1] = ESCAPED[codes[before + 1]]
    clean = codes.tobytes().translate(None, b"\\")  # twice as fast as a mask
    offsets = offsets_of(texts) - offsets_of(texts)[0]
    offsets = (offsets - np.searchsorted(before, offsets)).astype(np.int32)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(clean))
