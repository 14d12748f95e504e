"""Department: what the demonstration shows: two models, their traffic, and what happens to them; all of it seeded.

Reading order: `records` (lines as an endpoint logs them), `churn` (shipped data, clean or with faults planted in a
copy), `delivery` (a model of numbers, whose labels come late), `story` (the monitors, and what is planted when).
"""
