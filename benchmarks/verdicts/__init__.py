"""Department: what the policy's promises are worth. Seeded traffic through the product's own code, to a table.

    make simulate                                     the whole, to docs/verdicts.md (about an hour on two cores)
    python -m benchmarks.verdicts A1 A7 --short       some rows, on few seeds

Reading order: `worlds` (how traffic wanders), `cells`, `traffic` (a monitor's windows), `run` (the product, and detectors
that take its place), `table` (rows and intervals), the experiments `nulls`, `edges`, `delays`, `life`, `one_window`,
`peers` (stock rules of other tools), `foolish` (detectors that must fail), `plan` (all of them in order), `plots`,
`page`.
"""
