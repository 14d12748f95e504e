"""Family: bytes to rows, a file per capture format.

To add one: write a file with a `FORMAT`, and name it in the table below. Reading order: `format` (what a format is),
`csv_table`, `sagemaker`; for the latter `envelope` reads the records around the payloads, `sides` puts requests and
answers side by side, `csv_rows` and `json_rows` split payloads, `times` reads times, `payload` sees text as bytes.
"""

from monitor.decode import csv_table, sagemaker
from monitor.decode.format import Format

FORMATS: dict[str, Format] = {
    "sagemaker": sagemaker.FORMAT,
    "csv": csv_table.FORMAT,
}
