"""Department: what Prometheus and Alertmanager are told to do about the monitors of a configuration.

In reading order: `rungs` (what explains what), `promql` (texts inside of expressions), `subject` (what alerts need to
know of a monitor), `alert` (an alert rule, and how it is to sound when tried), `layers` (which check about drift has
the last word on a feature), `judging` (alerts on whether a monitor is judged), `finding` (alerts on what was found),
`shipped` (rules that are the same for all monitors), `generic` (how those sound when tried), `rules` (the file of
rules), `worlds` and `trials` (its tests for promtool), `routes` (the file for Alertmanager), `pages` (files as texts).
"""
