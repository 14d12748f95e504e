import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stats.hashes import hash_bytes, hash_floats, hash_uint64

MASK = 2**64 - 1
P1, P2, P3, P4, P5 = (
    11400714785074694791,
    14029467366897019727,
    1609587929392839161,
    9650029242287828579,
    2870177450012600261,
)


def turned(value, bits):
    return ((value << bits) | (value >> (64 - bits))) & MASK


def lane_after(lane, word):
    return turned((lane + word * P2) & MASK, 31) * P1 & MASK


def scalar_xxh64(data, seed):
    """One string at a time, from the published description: the oracle."""
    place, length = 0, len(data)
    if length >= 32:
        lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        while place + 32 <= length:
            lanes = [lane_after(v, w) for v, w in zip(lanes, struct.unpack_from("<4Q", data, place), strict=True)]
            place += 32
        value = sum(turned(v, bits) for v, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & MASK
        for lane in lanes:
            value = ((value ^ lane_after(0, lane)) * P1 + P4) & MASK
    else:
        value = (seed + P5) & MASK
    value = (value + length) & MASK
    while place + 8 <= length:
        value = (turned(value ^ lane_after(0, struct.unpack_from("<Q", data, place)[0]), 27) * P1 + P4) & MASK
        place += 8
    if place + 4 <= length:
        value = (turned(value ^ (struct.unpack_from("<I", data, place)[0] * P1 & MASK), 23) * P2 + P3) & MASK
        place += 4
    for byte in data[place:]:
        value = turned(value ^ (byte * P5 & MASK), 11) * P1 & MASK
    value = ((value ^ (value >> 33)) * P2) & MASK
    value = ((value ^ (value >> 29)) * P3) & MASK
    return value ^ (value >> 32)


def buffer_of(strings):
    offsets = np.cumsum([0, *map(len, strings)])
    return np.frombuffer(b"".join(strings), np.uint8), offsets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", 0xEF46DB3751D8E999),  # the reference implementation's own self-test value
        (b"www.", 17563882986220463421),  # OneOfOne/xxhash issue 8
        (b"abc", 0x44BC2CF5AD770999),
        (b"Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_published_values_with_seed_zero(text, expected):
    assert hash_bytes(*buffer_of([text]), seed=0).tolist() == [expected]
    assert scalar_xxh64(text, 0) == expected


def test_every_length_up_to_300_bytes_equals_the_scalar_algorithm():
    rng = np.random.default_rng(1)
    strings = [rng.bytes(length) for length in rng.permutation(np.repeat(np.arange(301), 2))]
    expected = [scalar_xxh64(text, 42) for text in strings]
    assert hash_bytes(*buffer_of(strings)).tolist() == expected


@given(st.lists(st.binary(max_size=100), max_size=20), st.integers(0, MASK))
def test_any_strings_and_any_seed_equal_the_scalar_algorithm(strings, seed):
    expected = [scalar_xxh64(text, seed) for text in strings]
    assert hash_bytes(*buffer_of(strings), seed=seed).tolist() == expected


def test_a_long_string_among_short_ones():
    strings = [b"a", np.random.default_rng(2).bytes(100_003), b"", b"0123456789" * 7]
    assert hash_bytes(*buffer_of(strings)).tolist() == [scalar_xxh64(text, 42) for text in strings]


def test_a_slice_of_a_string_array_has_the_hashes_of_the_slice():
    data, offsets = buffer_of([b"one", b"twelve", b"", b"three"])
    whole = hash_bytes(data, offsets.astype(np.int32))
    assert hash_bytes(data, offsets[1:].astype(np.int32)).tolist() == whole[1:].tolist()


@pytest.mark.parametrize("offsets", [[], [0]])
def test_no_strings_have_no_hashes(offsets):
    assert hash_bytes(np.zeros(0, np.uint8), np.array(offsets, np.int32)).shape == (0,)


def test_numbers_hash_as_their_eight_bytes():
    values = np.random.default_rng(3).integers(0, MASK, 500, np.uint64, endpoint=True)
    expected = [scalar_xxh64(struct.pack("<Q", value), 42) for value in values.tolist()]
    assert hash_uint64(values).tolist() == expected
    floats = values.astype(np.float64) - 0.5
    assert hash_floats(floats).tolist() == [scalar_xxh64(struct.pack("<d", value), 42) for value in floats.tolist()]


def test_both_zeros_have_one_hash():
    hashes = hash_floats(np.array([0.0, -0.0]))
    assert hashes[0] == hashes[1]
