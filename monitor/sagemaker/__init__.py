"""Department: the files and numbers of Amazon SageMaker Model Monitor, and nothing else's.

In reading order: hll_bias (a table), distinct (its approximate distinct counts), kll (its quantile sketch).
"""
