"""Family, ground: numbers only; imports numpy and scipy.special, nothing of monitor.

In reading order: moments, angle, design_effect, multiplicity; sketches: hashes, distinct (how many values),
quantiles, robust (z-scores by median and MAD).

How far two sides are apart, each with an interval: interval (the word), noncentral, shares, l_infinity,
total_variation, divergence (PSI, Jensen-Shannon, Hellinger), chi_squared (and G); of numbers: kolmogorov, gaps,
wasserstein, energy (and Cramer-von Mises), differences (means, variances, quantiles); rosetta (one size of a move in
every measure), enough (from how many rows on a threshold means anything); auc (DeLong's
interval), correlation (Fisher's z).
"""
