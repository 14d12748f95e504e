"""Department: what driftd costs in time and memory, beside what somebody would take in its place.

    make bench                                              the whole, to docs/performance.md
    python -m benchmarks.speed --quick --docs build/speed   a short form, to see that it runs

Reading order: `columns` (what the data are), `captures`, `stock` (data sets in a folder), `launch` (a command and what
it used), `process` (things in turn), `bench` (how much of everything); what is measured: `naive` (the usual ways),
`ours` (driftd as a library), `stages`, `installed` and `peers/` (other tools); the experiments `paths`, `tables`,
`growth`, `single`, `cores`, in `plan`; then `limits`, `plots`, `page`.
"""
