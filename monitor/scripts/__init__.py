"""Department: the scripts of SageMaker Model Monitor, before and behind a window, run as they are in a child process.

Reading order: `script` (a file that is known to load), `preprocess` (batches from what its handler returns) and
`postprocess` (its call behind a written report) are the caller's side; `serve` is the child's, with `loading` (the
file to its handler), `records` (lines to rows), `answers` (which of their columns are the model's) and `said` (what
scripts print and log, which both sides keep).

A slow path: one call of Python for every record.
"""
