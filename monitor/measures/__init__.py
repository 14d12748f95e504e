"""Family: what is counted over rows, as states that add up. No measure knows a rule.

Reading order: `types` (classes of values from the raw text), `numbers` (the numbers of a column and how many of each
class), `places` (where in the window a row stands), `numeric`, `categorical`, `joint` (columns of numbers together),
`outcomes` (predictions and what came true, in a batch), `model_quality` (counted), `even` (batches of even size),
`window` (a batch to a profile); of a baseline whose rows have times `stretches` (which hours or windows they lie in)
and `tally` (counts by these).
"""
