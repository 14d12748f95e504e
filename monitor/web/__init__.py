"""Department: pages and API over HTTP.

In reading order: `daemon` (what the pages need of driftd), `options` (the part of the configuration).
"""
