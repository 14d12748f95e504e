"""Family: bytes to rows, a file per capture format.

To add one: write a file with a `FORMAT`, and name it in the table below; a log of JSON records needs only a layout
(`layout`, read by `mapped`). Reading order: `format` (what a format is), `csv_table` (its lines to rows: `csv_lines`),
`sagemaker` (around its payloads: `envelope`, mostly lines that are `alike`; what batch transform puts in one object:
`transform`), `mapped` (its `records`, and in `mapped_sides` what stands at a path of `paths`; `heads` tells whose
records they are). Requests and answers that were logged apart: `halves`, `unmixed` (without each other's keys).
`documents` are files that are one JSON document, `times` reads times, `chosen` tells which records a window takes. What
a payload holds is known to `monitor/payloads`.
"""

from monitor.decode import csv_table, mapped, sagemaker
from monitor.decode.format import Format

FORMATS: dict[str, Format] = {
    "sagemaker": sagemaker.FORMAT,
    "parquet": mapped.PARQUET,
    "jsonl": mapped.JSONL,
    "csv": csv_table.FORMAT,
}
