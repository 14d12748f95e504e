"""Department: evidence over time. Numbers in, verdicts out: no clock, no files; windows come in order.

Reading order: `look` (a window's counts), `quality` (the model's errors as shares), `layout` (where each share stands),
`past` (looks of a baseline's history), `plan` (what is to be kept to), `season`, `seen`, `tails`, `learning` (what
production was learned to be), `halves` (whether it moved meanwhile), `band`, the channels `level`, `spike`, `jump`, and
of features two by two `together` (what was learned) and `correlation` (the channel); `watching` (one window through all
channels), `memory` (the state), `pairing` (the pairs' channel in a life), `arming`, `minding` (what people said),
`returning`, `noticing`, `life` (a monitor from its first window), `verdict`, `grouping`, `telling`, `counterpart` (a
feature as it was learned), `rehearsal` (learning tried on itself), `following` (from what is stored), `findings`,
`answer`.
"""
