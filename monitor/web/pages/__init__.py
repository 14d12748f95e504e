"""Department: pages for people, made on the server: complete without scripts but for the charts.

In reading order: `places` (where each page is), `moments` (times in words), `files` (style and scripts), `layout` (what
all pages have), `forms` (what a page sends back), `signing` (credentials), `overview` (every monitor), `feature`,
`window` and `incident` (one thing in full), `baselines`, `audit` and `status` (what monitors are held against, who did
what, how the daemon does), `deeds` (what forms do).
"""
