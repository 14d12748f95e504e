"""Family: bytes to rows, a file per capture format.

To add one: write a file with a `FORMAT`, and name it in the table below; a log of JSON records needs only a layout
(`layout`, read by `mapped`). Reading order: `format` (what a format is), `csv_table`, `sagemaker`, `mapped`.

Around them: `envelope` and `records` read what stands around payloads, `heads` tells whose records they are, `sides`
puts requests and answers side by side, `agreeing` reads plain lists as the other side asks, `exchanges` has records of
which some have one side only, `halves` those that were logged apart (`unmixed`: without each other's keys),
`transform` what batch transform puts in one object. Payloads: `csv_rows` and `csv_lines`; `json_rows`, which is
`json_text` (texts to nested arrays), `json_shape` (nested arrays to rows; `json_tables`) and `json_value` (the same,
one by one), with `json_pieces`, `json_exact` and `json_columns`; `payloads` (what stands at a path of `paths`),
`base64_text`, `documents` (files that are one JSON document). Ground: `payload` sees text as bytes, `json_depth` tells
nesting and size, `times` reads times.
"""

from monitor.decode import csv_table, mapped, sagemaker
from monitor.decode.format import Format

FORMATS: dict[str, Format] = {
    "sagemaker": sagemaker.FORMAT,
    "parquet": mapped.PARQUET,
    "jsonl": mapped.JSONL,
    "csv": csv_table.FORMAT,
}
