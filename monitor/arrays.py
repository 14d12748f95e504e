"""Arrays to bytes and back: a JSON head, then the numbers as they lie in memory; nothing is ever pickled."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def packed(head: Mapping[str, Any], arrays: Arrays) -> bytes:
    """As `laid_out`, compressed: for what is kept."""
    return zlib.compress(laid_out(head, arrays), 1)


def unpacked(data: bytes) -> tuple[Mapping[str, Any], Arrays]:
    """The head and the arrays of `packed`; the arrays may not be written to. ValueError for anything else."""
    try:
        raw = zlib.decompress(data)
    except zlib.error as error:
        raise ValueError(f"no packed arrays: {error}") from None
    return taken_up(raw)


def laid_out(head: Mapping[str, Any], arrays: Arrays) -> bytes:
    """`head` is anything that JSON can say; arrays keep their shape and type, in little-endian order."""
    kept = {name: np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    described = [[name, array.dtype.str, list(array.shape)] for name, array in kept.items()]
    first = json.dumps({"head": head, "arrays": described}, separators=(",", ":")).encode()
    return b"".join([len(first).to_bytes(4, "little"), first, *(array.tobytes() for array in kept.values())])


def taken_up(raw: bytes) -> tuple[Mapping[str, Any], Arrays]:
    """The head and the arrays of `laid_out`; the arrays may not be written to. ValueError for anything else."""
    try:
        size = int.from_bytes(raw[:4], "little")
        first = json.loads(raw[4 : 4 + size])
        at, arrays = 4 + size, {}
        for name, kind, shape in first["arrays"]:
            dtype = np.dtype(kind)
            if dtype.kind not in "iufb":
                raise ValueError(f"holds {kind!r}; numbers would be right")
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = np.frombuffer(raw, dtype=dtype, count=count, offset=at).reshape(shape)
            at += count * dtype.itemsize
    except (KeyError, TypeError, IndexError, json.JSONDecodeError) as error:
        raise ValueError(f"no packed arrays: {error}") from None
    return first["head"], arrays
