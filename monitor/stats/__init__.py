"""Family, ground: numbers only; imports numpy and scipy.special, nothing of monitor.

In reading order: moments, angle, design_effect, multiplicity; sketches: hashes, distinct (how many values), quantiles;
rosetta (one size of a move in every measure).
"""
