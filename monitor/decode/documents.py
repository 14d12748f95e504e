"""Files that are one JSON document, a list of records or a single one over many lines, to a record a line."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from monitor.batch import Block
from monitor.payloads.texts import BOM

SPACES = b" \t\r\n"
SIGN = re.compile(r"\S")
DECODER = json.JSONDecoder(parse_int=float)  # int refuses the longest numbers
LARGEST_BYTES = 64 << 20  # of a document, which is held as a whole


def lines(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; of a file that is one document, a block with a record a line."""
    first = next(blocks, None)
    if first is None:
        return
    data = first.data.removeprefix(BOM)
    if first.rows is not None or first.trouble or not _is_document(data):
        yield from chain([first], blocks)
        return
    held, size = [first], len(data)
    for block in blocks:
        held.append(block)
        size += len(block.data)
        if block.trouble or size > LARGEST_BYTES:
            yield from chain(held, blocks)
            return
    found = _records(b"".join(block.data for block in held).removeprefix(BOM))
    if found is None:
        yield from held
    elif found:
        yield replace(first, data=b"\n".join(found) + b"\n")


def _is_document(data: bytes) -> bool:
    """Whether the file begins with a list, or with an object that its first line does not end."""
    start = data.lstrip(SPACES)
    if start.startswith(b"["):
        return True
    return start.startswith(b"{") and not start.partition(b"\n")[0].rstrip().endswith(b"}")


def _records(data: bytes) -> list[bytes] | None:
    """The records of a document as lines, as they are written; None where it is none."""
    try:
        text = data.decode().strip()
        if not text.startswith("["):
            return [_line(text)] if DECODER.raw_decode(text)[1] == len(text) else None
        found, at = [], _next(text, 1)
        while text[at] != "]":
            _, end = DECODER.raw_decode(text, at)
            found.append(_line(text[at:end]))
            at = _next(text, end)
            if text[at] == ",":
                at = _next(text, at + 1)
            elif text[at] != "]":
                return None
        return found if at == len(text) - 1 else None
    except (ValueError, RecursionError, IndexError):
        return None


def _next(text: str, at: int) -> int:
    """Where the next sign stands that is no space."""
    found = SIGN.search(text, at)
    return found.start() if found else len(text)


def _line(text: str) -> bytes:
    return text.replace("\r", " ").replace("\n", " ").encode()
