"""Department: formulas over the series of a monitor, such as `mean(score) < 0.9 * avg(mean(score), 1d)`.

Reading order: `words` (what a formula is made of), `tokens` (what its text is made of), `cursor` (reads that),
`parsing` (the grammar), `writing` (a formula as text again), `reach` (how far back it looks), `stretches` (which
windows that is), `statistics` (of many windows), `evaluation` (its answer in each window), `remarks` (what is odd about
one, told when it is loaded).
"""
