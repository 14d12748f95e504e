"""Department: what the policy's promises are worth. Seeded traffic through the product's own code, to a table.

    make simulate                                     the whole, to docs/verdicts.md (about 40 minutes on two cores)
    python -m benchmarks.verdicts A1 A7 --short       some rows, on few seeds

Reading order: `worlds` (how traffic wanders), `cells`, `pairs`, `traffic` (a monitor's windows), `run` (the product as
a detector), `foolish` (detectors that must fail), `table` (rows and intervals), `trial` (the form of an experiment),
the experiments `nulls`, `edges`, `late`, `preset`, `delays`, `life`, `power`, `one_window`, `auc` (A15), `stock` and
`peers` (rules of other tools), `plan` (all of them in order), `results` (runs that were done), `drawing`, `plots`,
`page`.
"""
