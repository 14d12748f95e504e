"""JSON that does not stand a record a line: a list of records, one over many lines, records without line ends."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from monitor.batch import Block
from monitor.payloads.texts import BOM, next_sign

SPACES = b" \t\r\n"
DECODER = json.JSONDecoder(parse_int=float)  # int refuses the longest numbers
BLOCK_BYTES = 4 << 20
HEAD_BYTES = 64 << 10  # in which records that nothing divides show
GLUE = b"}{"  # between two records that nothing divides, as delivery streams write them
MOST_FAULTS = 100  # in a line; the rest of it is then one fault more
LARGEST_BYTES = 64 << 20  # of a document, which is held as a whole


def lines(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks with a record a line: of files that are one document, or begin with several records on a line.

    Lines are then counted as they come out. Where a line with several comes later only, formats read it themselves, one
    by one.
    """
    found = _whole(blocks)
    first = next(found, None)
    if first is None:
        return
    if GLUE not in first.data[:HEAD_BYTES]:
        yield from chain([first], found)
        return
    line = first.line
    for block in chain([first], found):
        for part in _apart(replace(block, line=line)):
            yield part
            line += part.data.count(b"\n")


def _whole(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; of a file that is one document, blocks with a record a line."""
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
    else:
        yield from _blocks(first, found)


def is_by_lines(data: bytes) -> bool:
    """Whether a file that begins so holds a record a line, and may be cut at any line end."""
    data = data.removeprefix(BOM)
    return data.lstrip(SPACES).startswith(b"{") and not _is_document(data) and GLUE not in data[:HEAD_BYTES]


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
        found, at = [], next_sign(text, 1)
        while text[at] != "]":
            _, end = DECODER.raw_decode(text, at)
            found.append(_line(text[at:end]))
            at = next_sign(text, end)
            if text[at] == ",":
                at = next_sign(text, at + 1)
            elif text[at] != "]":
                return None
        return found if at == len(text) - 1 else None
    except (ValueError, RecursionError, IndexError):
        return None


def _apart(block: Block) -> Iterator[Block]:
    """The block with a record a line."""
    if GLUE not in block.data:
        yield block
        return
    records: list[bytes] = []
    for line in block.data.split(b"\n"):
        records += _glued(line) if GLUE in line else [line]
    yield from _blocks(block, records if records[-1] else records[:-1])


def _glued(line: bytes) -> list[bytes]:
    """The records of a line; one that is broken, or has more behind it, ends where the next may begin."""
    text = line.decode(errors="surrogateescape")
    found, at, faults = list[bytes](), next_sign(text, 0), 0
    while at < len(text):
        try:
            _, end = DECODER.raw_decode(text, at)
            is_whole = text[(behind := next_sign(text, end)) : behind + 1] in ("", "{")
        except (ValueError, RecursionError):
            end, is_whole = at, False
        if not is_whole:
            faults += 1
            end = text.find(GLUE.decode(), end) + 1 if faults < MOST_FAULTS else 0
        found.append(text[at : end or len(text)].encode(errors="surrogateescape"))
        at = next_sign(text, end or len(text))
    return found


def _blocks(block: Block, records: list[bytes]) -> Iterator[Block]:
    """Records in blocks of a size that is read at a time."""
    held, size = list[bytes](), 0
    for record in records:
        held.append(record)
        size += len(record)
        if size >= BLOCK_BYTES:
            yield replace(block, data=b"\n".join(held) + b"\n")
            block = replace(block, line=block.line + len(held), is_first=False)
            held, size = [], 0
    if held:
        yield replace(block, data=b"\n".join(held) + b"\n")


def _line(text: str) -> bytes:
    return text.replace("\r", " ").replace("\n", " ").encode()
