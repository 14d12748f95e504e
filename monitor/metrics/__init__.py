"""Department: what driftd tells Prometheus.

In reading order: `view` (what is known of each monitor), `reasons` (the closed lists of label values), `table` (every
metric: name, type, labels, meaning), `labels` (values that any name can be made into), `state` (a monitor's series as
text), `limits` (how many of them, and for how long), `direct` (counters of the daemon itself), `registry` (the whole,
and its answer to a scrape), `page` (docs/metrics.md, made from the table).
"""
