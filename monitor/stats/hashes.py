"""Hashes of many values at once: XXH64 over strings, integers and floats.

Reference: Collet, XXH64 algorithm description (xxHash, doc/xxhash_spec.md). The letters there: four lanes of 64 bits
take stripes of 32 bytes; what is left is taken in words of 8 bytes, then one of 4, then single bytes.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# The seed of Spark's hash functions, so that one hash serves both our sketches and the files of other products.
SEED: Final = 42

_PRIMES: Final = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
_P1, _P2, _P3, _P4, _P5 = (np.uint64(prime) for prime in _PRIMES)
_STRIPE_BYTES: Final = 32
_LANE_TURNS: Final = (1, 7, 12, 18)


def hash_bytes(data: NDArray[np.uint8], offsets: NDArray[np.integer], seed: int = SEED) -> NDArray[np.uint64]:
    """XXH64 of n byte strings that lie in one buffer.

    String i is `data[offsets[i]:offsets[i + 1]]`, the layout of an Arrow string array (a sliced one too: the first
    offset need not be 0). Shapes: data (bytes,), contiguous; offsets (n + 1,), not descending; result (n,), over the
    whole range of 64 bits. No strings, or no offsets: shape (0,).

    Strings of all lengths go side by side: each round takes the next word of every string that still has one.

    >>> text = np.frombuffer(b"www.", np.uint8)
    >>> hash_bytes(text, np.array([0, 4]), seed=0).tolist()
    [17563882986220463421]
    """
    starts = np.asarray(offsets[:-1], dtype=np.int64)
    lengths = np.diff(offsets).astype(np.int64)
    hashes = np.full(len(lengths), _constant(seed, _PRIMES[4]))
    long = np.flatnonzero(lengths >= _STRIPE_BYTES)
    hashes[long] = _hash_stripes(data, starts[long], lengths[long], seed)
    hashes += lengths.astype(np.uint64)
    left = lengths % _STRIPE_BYTES
    positions = starts + lengths - left
    for size, turn in ((8, _turn_word), (4, _turn_half), (1, _turn_byte)):
        rows = np.flatnonzero(left >= size)
        while rows.size:
            hashes[rows] = turn(hashes[rows], _words(data, positions[rows], size))
            positions[rows] += size
            left[rows] -= size
            rows = rows[left[rows] >= size]
    return _mixed(hashes)


def hash_uint64(values: NDArray[np.uint64], seed: int = SEED) -> NDArray[np.uint64]:
    """XXH64 of the 8 little-endian bytes of each value: what `hash_bytes` gives for them, without the buffer.

    Shapes: (n,) to (n,). One value has one hash and two values never share one (every step can be undone).

    >>> value = np.array([7], np.uint64)
    >>> bool(hash_uint64(value) == hash_bytes(value.astype("<u8").view(np.uint8), np.array([0, 8])))
    True
    """
    return _mixed(_turn_word(_constant(seed, _PRIMES[4], 8), values))


def hash_floats(values: NDArray[np.float64], seed: int = SEED) -> NDArray[np.uint64]:
    """XXH64 of the bits of each value, where -0.0 counts as 0.0. Shapes: (n,) to (n,).

    nan is hashed by its bits, so two kinds of nan may differ: leave nan out before.

    >>> zero, minus_zero, one = hash_floats(np.array([0.0, -0.0, 1.0])).tolist()
    >>> zero == minus_zero, zero == one
    (True, False)
    """
    return hash_uint64((values + 0.0).view(np.uint64), seed)


def _constant(*terms: int) -> np.uint64:
    return np.uint64(sum(terms) % 2**64)


def _hash_stripes(
    data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64], seed: int
) -> NDArray[np.uint64]:
    """The state after the whole stripes of 32 bytes, for strings that have at least one. Shapes: (n,)."""
    first = (seed + _PRIMES[0] + _PRIMES[1], seed + _PRIMES[1], seed, seed - _PRIMES[0])
    lanes = np.tile(np.array([_constant(lane) for lane in first]), (len(starts), 1))
    counts = lengths // _STRIPE_BYTES
    rows = np.arange(len(starts))
    stripe = 0
    while rows.size:
        words = _words(data, starts[rows] + stripe * _STRIPE_BYTES, _STRIPE_BYTES).reshape(-1, 4)
        lanes[rows] = _turned(lanes[rows] + words * _P2, 31) * _P1
        stripe += 1
        rows = rows[counts[rows] > stripe]
    hashes = np.zeros(len(starts), np.uint64)
    for lane, turn in zip(lanes.T, _LANE_TURNS, strict=True):
        hashes += _turned(lane.copy(), turn)
    for lane in lanes.T:
        hashes = (hashes ^ (_turned(lane * _P2, 31) * _P1)) * _P1 + _P4
    return hashes


def _words(data: NDArray[np.uint8], positions: NDArray[np.int64], size: int) -> NDArray[np.uint64]:
    """The little-endian words (of 8 bytes, or fewer if `size` is less) in the `size` bytes at each position."""
    if not positions.size:
        return np.zeros(0, np.uint64)
    # Overlapping records of `size` bytes: one index copies a whole record, wherever it starts.
    records = np.ndarray((data.size - size + 1,), f"V{size}", buffer=data, strides=(1,))
    return records[positions].view(f"<u{min(size, 8)}").astype(np.uint64, copy=False)


def _turn_word(hashes: NDArray[np.uint64] | np.uint64, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    turned = _turned(words * _P2, 31)
    turned *= _P1
    turned ^= hashes
    turned = _turned(turned, 27)
    turned *= _P1
    turned += _P4
    return turned


def _turn_half(hashes: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return _turned(hashes ^ (words * _P1), 23) * _P2 + _P3


def _turn_byte(hashes: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return _turned(hashes ^ (words * _P5), 11) * _P1


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """In place, as `_turned`: many values are hashed in half the time without new memory for each step."""
    hashes ^= hashes >> np.uint64(33)
    hashes *= _P2
    hashes ^= hashes >> np.uint64(29)
    hashes *= _P3
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _turned(values: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """Rotated to the left, in place."""
    upper = values >> np.uint64(64 - bits)
    values <<= np.uint64(bits)
    values |= upper
    return values
