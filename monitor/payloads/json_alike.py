"""JSON texts that are alike but for their values: read by where their signs stand, without a parser.

Requests to one endpoint nearly all have the same keys in the same order. One text of the commonest make is parsed with
a mark for each of its values; the others have the same bytes outside of their values, which is compared, so that they
parse the same way. What is hard to tell from its bytes is left to the parser: escapes, control characters, texts where
others have a number, numbers that JSON does not know.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.payloads.cuts import Cuts, framed_alike, mark, number_of
from monitor.payloads.json_pieces import Piece
from monitor.payloads.json_scalars import Unlike, scalars
from monitor.payloads.texts import offsets_of, text_of

Indices = NDArray[np.int64]
Signs = NDArray[np.uint8]
FEWEST = 32  # texts; for fewer it does not pay
MOST_MAKES = 4  # that are looked for, one behind the other
PART_BYTES = 1 << 20  # of texts that are looked at together: each sign takes some words of memory
QUOTE, BACKSLASH, SPACE = b'"\\ '
SCALAR_BEFORE, SCALAR_BEHIND = b":,[", b",]}"
IS_SIGN = np.zeros(256, dtype=bool)
IS_SIGN[list(b'",:{}[]')] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Where the values of a make stand: behind which sign each begins and at which it ends, shapes (values,), and how
    many spaces lie between."""

    begin: Indices
    end: Indices
    before: Indices
    behind: Indices
    is_text: NDArray[np.bool_]


def read_alike(texts: pa.StringArray) -> tuple[list[Piece], Indices]:
    """The values of texts of the commonest makes, which are objects or lists, and the numbers of all other texts."""
    pieces: list[Piece] = []
    others = [np.zeros(0, np.int64)]
    for at in _parts(texts):
        left = at
        for _ in range(MOST_MAKES):
            piece = _commonest(texts.take(pa.array(left)) if len(left) < len(texts) else texts, left)
            if piece is None:
                break
            pieces.append(piece)
            left = np.setdiff1d(left, piece.at, assume_unique=True)
        others.append(left)
    return pieces, np.concatenate(others)


def _parts(texts: pa.StringArray) -> Iterator[Indices]:
    offsets = offsets_of(texts).astype(np.int64)
    cuts = np.flatnonzero(np.diff((offsets[:-1] - offsets[0]) // PART_BYTES)) + 1
    yield from np.split(np.arange(len(texts)), cuts)


def _commonest(texts: pa.StringArray, at: Indices) -> Piece | None:
    """The texts of the commonest make; None where too few are of one."""
    if len(texts) < FEWEST:
        return None
    data, starts, ends, codes = _laid_out(texts)
    rows, places = _signs(codes, starts, ends)
    if len(rows) < FEWEST:
        return None
    signs = codes.take(places)
    for example in (0, len(rows) // 2):  # either may be an odd one
        like = np.flatnonzero((signs == signs[example]).all(axis=1))
        if len(like) < max(FEWEST, len(rows) // 2):
            continue
        spans = _spans(codes, places[example], signs[example])
        chosen, own = rows[like], int(np.searchsorted(like, example))
        kept, pieces = framed_alike(data, _cuts(starts[chosen], ends[chosen], places[like], spans), own)
        if len(kept) >= FEWEST:
            return _piece(pieces, at[chosen[kept]], spans, len(kept))
    return None


def _laid_out(texts: pa.StringArray) -> tuple[pa.Buffer, Indices, Indices, Signs]:
    """The bytes of all texts, and where each begins and ends."""
    data = text_of(texts)
    offsets = offsets_of(texts).astype(np.int64)
    offsets -= offsets[0]
    return data, offsets[:-1], offsets[1:], np.frombuffer(data, np.uint8)


def _signs(codes: Signs, starts: Indices, ends: Indices) -> tuple[Indices, Indices]:
    """The texts with as many signs outside of strings, and quotes, as most, and where these stand, (texts, signs)."""
    at = np.flatnonzero(IS_SIGN.take(codes))
    is_quote = codes.take(at) == QUOTE
    first = np.searchsorted(at, np.append(starts, ends[-1:]))
    quotes = np.append(0, np.cumsum(is_quote))
    of_text = np.repeat(quotes[first[:-1]], np.diff(first))
    at = at[is_quote | ((quotes[:-1] - of_text) % 2 == 0)]
    first = np.searchsorted(at, np.append(starts, ends[-1:]))
    counts = np.diff(first)
    counts[_hard(codes, starts)] = 0
    usual = int(np.bincount(counts).argmax())
    rows = np.flatnonzero(counts == usual) if usual else np.zeros(0, np.int64)
    return rows, at[first[rows, None] + np.arange(usual)]


def _hard(codes: Signs, starts: Indices) -> Indices:
    """The texts that hold a backslash or a control character."""
    places = np.flatnonzero((codes == BACKSLASH) | (codes < SPACE))
    return np.searchsorted(starts, places, side="right") - 1


def _spans(codes: Signs, places: Indices, signs: Signs) -> Spans:
    """The values of one text, from its signs."""
    found: list[tuple[int, int, int, int, bool]] = []
    number = 0
    while number < len(places) - 1:
        begin, end = int(places[number]) + 1, int(places[number + 1])
        sign, inner = signs[number], codes[begin:end].tobytes()
        if sign == QUOTE:
            behind = codes[end + 1 : int(places[number + 2])] if number + 2 < len(places) else codes[:0]
            is_key = number + 2 < len(places) and signs[number + 2] == ord(":") and not behind.tobytes().strip(b" ")
            if not is_key:
                found.append((number, number + 1, 0, 0, True))
            number += 1
        elif sign in SCALAR_BEFORE and signs[number + 1] in SCALAR_BEHIND and inner.strip(b" "):
            before, behind_it = len(inner) - len(inner.lstrip(b" ")), len(inner) - len(inner.rstrip(b" "))
            found.append((number, number + 1, before, behind_it, False))
        number += 1
    table = np.array(found, np.int64).reshape(-1, 5).T
    return Spans(begin=table[0], end=table[1], before=table[2], behind=table[3], is_text=table[4].astype(bool))


def _cuts(starts: Indices, ends: Indices, places: Indices, spans: Spans) -> Cuts:
    cuts = np.empty((len(starts), 2 * len(spans.begin) + 2), np.int32)
    cuts[:, 0], cuts[:, -1] = starts, ends
    cuts[:, 1:-1:2] = places[:, spans.begin] + 1 + spans.before
    cuts[:, 2:-1:2] = places[:, spans.end] - spans.behind
    return cuts


def _piece(pieces: pa.StringArray, at: Indices, spans: Spans, count: int) -> Piece | None:
    """The values as the parser would give them; None where they are not of one type."""
    width = 2 * len(spans.begin) + 2
    parts = pieces[:width].to_pylist()
    for number, is_text in enumerate(spans.is_text.tolist()):
        parts[2 * number + 1] = mark(number) if is_text else json.dumps(mark(number))
    try:
        model = json.loads("".join(parts[:-1]), object_pairs_hook=_object)
        building = _Building(pieces=pieces, rows=np.arange(count) * width, is_text=spans.is_text)
        values = building.of([model])
    except (ValueError, RecursionError, Unlike):
        return None
    return Piece(values=values, at=at)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs) or not pairs:
        raise Unlike
    return dict(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Building:
    """Nested arrays from the pieces of texts that begin at `rows`."""

    pieces: pa.StringArray
    rows: Indices
    is_text: NDArray[np.bool_]

    def of(self, nodes: Sequence[Any]) -> pa.Array:
        """The values at these nodes of the model, those of a text one behind the other. Raises Unlike."""
        if all(isinstance(node, dict) for node in nodes):
            names = list(nodes[0])
            if any(list(node) != names for node in nodes):
                raise Unlike
            return pa.StructArray.from_arrays([self.of([node[name] for node in nodes]) for name in names], names=names)
        if all(isinstance(node, list) and node for node in nodes):
            lengths = np.tile([len(node) for node in nodes], len(self.rows))
            offsets = np.append(0, np.cumsum(lengths)).astype(np.int32)
            return pa.ListArray.from_arrays(pa.array(offsets), self.of([item for node in nodes for item in node]))
        numbers = [number_of(node) if isinstance(node, str) else None for node in nodes]
        if None in numbers or len({bool(self.is_text[number]) for number in numbers}) > 1:
            raise Unlike
        at = self.rows[:, None] + 2 * np.array(numbers, np.int64) + 1
        texts = self.pieces.take(pa.array(at.ravel()))
        return texts if self.is_text[numbers[0]] else scalars(texts)
