"""The three dashboards.

In reading order: `queries` (how metrics are asked for), `standing` (how a monitor stands, and why it may be unknown),
`panels` (the kinds of panels), `board` (a whole dashboard: places, variables, links), `overview`, `monitor` with
`outcome`, `daemon` with `upkeep`.
"""
