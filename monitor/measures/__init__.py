"""Family: what is counted over rows, as states that add up. No measure knows a rule.

Reading order: `types` (classes of values from the raw text), `numbers` (the numbers of columns and how many of each
class), `counted` (rows by cell and stretch), `places` (where in the window a row stands), `numeric`, `categorical`
(several columns at once), `joint` (columns of numbers together), `outcomes` (predictions and what came true, in a
batch), `model_quality` (counted), `plan` (what is counted of which columns), `even` (batches of even size), `window` (a
batch to a profile); of a baseline whose rows have times `stretches` (which hours or windows they lie in) and `tally`
(counts by these).
"""
