"""Department: pages for people, made on the server: complete without scripts but for the charts.

In reading order: `places` (where each page is), `moments` (times in words), `files` (style and scripts), `layout` (what
all pages have), `forms` (what a page sends back), `signing` (credentials), `standing` (how a monitor stands), `sparks`
(its last windows in a line), `overview` (every monitor), `grid` (features by windows), `charts` (numbers of windows),
`lanes` (what happened meanwhile), `monitor` (one of them), `feature`, `window` and
`incident` (one thing in full), `baselines`, `audit` and `status` (what monitors are held against, who did what, how the
daemon does), `deeds` (what forms do).
"""
