"""Department: how right a model is, from the state of its outcomes; every number with its interval.

Reading order: `metric` (the word), `intervals` (of means and of ratios), `delta` (of functions of a table's shares),
`cells` (a binary problem's four cells), `curves` (of scores by class), `scored` (what scores are worth), `classes`
(several classes), `errors` (numbers), `constant` (what a model that always says the commonest class would reach),
`metrics` (all of a problem), `deviation` (how they vary over subsamples), `document` (as reports tell them).
"""
