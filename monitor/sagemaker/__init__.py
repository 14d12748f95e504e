"""Department: the files and numbers of Amazon SageMaker Model Monitor, and nothing else's.

In reading order: statistics (statistics.json, written), taking_over (and read: a baseline without its data),
constraints (constraints.json), violations (its checks), texts (its words), distance (its drift), edits (what a hand
edit says to driftd's own checks), model_quality (its statistics and constraints of predictions), quality_violations
(and its checks of them), scripts (what a preprocessor's handler is given, and may answer); below them keys
(what is under a key), kll (its quantile sketch), deviation (its standard deviation), distinct (its approximate
distinct counts), hll_bias (a table).
"""
