"""Family: what is counted over rows, as states that add up. No measure knows a rule.

Reading order: `types` (classes of values from the raw text), `places` (where in the window a row stands), `even` (batches of even size), `numeric`,
`categorical`, `window` (a batch to a profile).
"""
