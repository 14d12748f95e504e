"""Family: where measuring runs. Files become splits, each split becomes a state, states add up to the window's.

The protocol is one function (`engine`): an engine is given packed work and a number of splits, and hands on the packed
state of each of them, in any order, each at least once. Reading order: `split` (what a split is), `plan` (files to
splits: by what is read alone, never by who reads it), `job` (what all splits have in common) and `state` (what one of
them gives), `packing` (both to bytes and back), `work` (what an engine calls in another process), `local` (what it does
there, and what is done here without an engine), `merging` (states to one, as a tree, each counted once), `spread` (all
of this for one reading). Members: `processes` (on this machine, with `preload` and `crew`) and `spark`; `named` makes
one by its name.
"""
