"""Department: pages for people, made on the server: complete without scripts but for the charts.

In reading order: `places` (where each page is), `moments` (times in words), `files` (style and scripts), `layout` (what
all pages have), `forms` (what a page sends back), `signing` (credentials), `overview` (every monitor).
"""
